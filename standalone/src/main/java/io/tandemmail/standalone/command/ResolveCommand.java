package io.tandemmail.standalone.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.tandemmail.model.doubt.Resolution;
import io.tandemmail.model.json.Json;
import io.tandemmail.model.settings.KafkaSettings;
import io.tandemmail.model.wire.HomePartition;
import io.tandemmail.model.wire.Topics;
import io.tandemmail.runtime.kafka.KafkaHeaders;
import io.tandemmail.standalone.doubt.Resolvable;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerRecord;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code in-doubt resolve ID}: an operator's word on recipients that are held, given to the router that holds them. */
@Command(
    name = "resolve",
    description =
        "Says what became of recipients held in doubt; 1 when there is nobody to say it of.",
    mixinStandardHelpOptions = true)
public final class ResolveCommand implements Callable<Integer> {
  private static final Duration TAKEN_WITHIN = Duration.ofSeconds(15);
  private static final byte[] NO_MAIL = {};

  @Mixin ConfigOption config = new ConfigOption();
  @Mixin HttpCalls ingest = new HttpCalls();

  @Parameters(index = "0", paramLabel = "ID", description = "the message's id")
  String id = "";

  @Option(
      names = "--recipient",
      paramLabel = "ADDRESS",
      description = "this one only (default: all that are held)")
  Optional<String> recipient = Optional.empty();

  @Option(
      names = "--as",
      required = true,
      description = "delivered, failed, or resend: send it again now")
  Resolution.As as = Resolution.As.RESEND;

  @Option(names = "--by", required = true, paramLabel = "WHO", description = "who says so")
  String by = "";

  @Option(names = "--why", paramLabel = "TEXT", description = "for the record")
  Optional<String> why = Optional.empty();

  @Override
  public Integer call() throws InterruptedException {
    List<String> held = requireHeld(resolvable());
    Resolution resolution = new Resolution(id, held, as, by, why);
    KafkaSettings kafka = config.readForClient().kafka();
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(
            Topics.RETURNED,
            HomePartition.of(id, kafka.partitions()),
            id.getBytes(StandardCharsets.UTF_8),
            NO_MAIL,
            KafkaHeaders.to(resolution.write()));
    Appends.all(kafka, "tandem-in-doubt", List.of(record));
    awaitTaken();
    held.forEach(address -> System.out.println(as.wireName() + "  " + id + "  " + address));
    return 0;
  }

  private List<String> requireHeld(Resolvable resolvable) {
    return switch (resolvable) {
      case Resolvable.Held held -> held.recipients();
      case Resolvable.Nobody nobody ->
          throw new Exit(
              Exit.NO, nobody.why(), "see tandem message " + id + " and tandem in-doubt list");
    };
  }

  /** The record is there; that a router acted on it is seen by nobody being held any more. */
  private void awaitTaken() throws InterruptedException {
    long deadlineNanos = System.nanoTime() + TAKEN_WITHIN.toNanos();
    while (resolvable() instanceof Resolvable.Held) {
      if (System.nanoTime() > deadlineNanos) {
        throw new Exit(
            Exit.UNAVAILABLE,
            "no router has acted on it within " + TAKEN_WITHIN.toSeconds() + " s",
            "it is recorded and will be acted on; see that tandem router runs");
      }
      TimeUnit.MILLISECONDS.sleep(200);
    }
  }

  private Resolvable resolvable() throws InterruptedException {
    String path =
        "/v1/messages/" + URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");
    HttpResponse<String> answer = HttpCalls.call(ingest.request(config, path).GET().build());
    if (answer.statusCode() == 404) {
      throw new Exit(Exit.NO, "no message " + id + " is known", "check the id");
    }
    JsonNode message =
        Json.tree(answer.body().getBytes(StandardCharsets.UTF_8))
            .filter(json -> answer.statusCode() == 200)
            .orElseThrow(() ->
                new Exit(
                    Exit.UNAVAILABLE,
                    "no answer about " + id + ": " + answer.body(),
                    "give the command again; done twice it does no more than once"));
    return Resolvable.of(message, recipient);
  }
}
