package io.tandemmail.standalone.command;

import io.tandemmail.model.wire.HeaderNames;
import io.tandemmail.standalone.sendmail.StandardInputMessage;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code send}: as sendmail(8), an RFC 5322 message on standard input. */
@Command(
    name = "send",
    description = "Submits the message on standard input, as sendmail does.",
    mixinStandardHelpOptions = true)
public final class SendCommand implements Callable<Integer> {
  @Mixin ConfigOption config = new ConfigOption();
  @Mixin HttpCalls ingest = new HttpCalls();

  @Option(
      names = {"-f", "-r"},
      paramLabel = "FROM",
      description = "reverse-path (default: the From field's address)")
  Optional<String> from = Optional.empty();

  @Option(names = "-t", description = "take recipients from To, Cc and Bcc; Bcc is removed")
  boolean fromFields;

  @Option(
      names = {"-i", "-oi"},
      description = "accepted for compatibility: a lone dot never ends the message")
  boolean ignoreDots;

  @Option(names = "--route", description = "route (default: default)")
  Optional<String> route = Optional.empty();

  @Option(names = "--id", description = "message id, which makes resubmission idempotent")
  Optional<String> id = Optional.empty();

  @Parameters(paramLabel = "RCPT", description = "recipients")
  List<String> recipients = new ArrayList<>();

  @Override
  public Integer call() throws IOException, InterruptedException {
    StandardInputMessage message = StandardInputMessage.of(System.in.readAllBytes());
    Set<String> all = new LinkedHashSet<>(recipients);
    if (fromFields) {
      all.addAll(message.fieldRecipients());
    }
    if (all.isEmpty()) {
      throw new Exit(2, "no recipient", "name recipients, or use -t to take them from the message");
    }
    HttpRequest.Builder request =
        ingest
            .request(config, "/v1/messages")
            .header("Content-Type", HeaderNames.RFC822)
            .header(HeaderNames.MAIL_FROM, from.orElseGet(message::fromAddress));
    all.forEach(recipient -> request.header(HeaderNames.RCPT_TO, recipient));
    route.ifPresent(name -> request.header(HeaderNames.ROUTE, name));
    id.ifPresent(name -> request.header(HeaderNames.ID, name));
    byte[] content = fromFields ? message.withoutBcc() : message.content();
    HttpResponse<String> answer =
        HttpCalls.call(request.POST(HttpRequest.BodyPublishers.ofByteArray(content)).build());
    if (answer.statusCode() != 202) {
      int code =
          answer.statusCode() >= 500 || answer.statusCode() == 429 ? Exit.UNAVAILABLE : Exit.NO;
      throw new Exit(
          code, "not accepted: " + answer.body(), "mend what is named there and send again");
    }
    System.out.println(answer.body());
    return 0;
  }
}
