package io.tandemmail.standalone.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.tandemmail.model.json.Json;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code message ID}: the life of one message. */
@Command(
    name = "message",
    description = "The life of one message; 1 when the id is unknown.",
    mixinStandardHelpOptions = true)
public final class MessageCommand implements Callable<Integer> {
  @Mixin ConfigOption config = new ConfigOption();
  @Mixin HttpCalls ingest = new HttpCalls();

  @Parameters(index = "0", paramLabel = "ID", description = "the message's id")
  String id = "";

  @Option(names = "--json", description = "for machines")
  boolean json;

  @Override
  public Integer call() throws InterruptedException {
    String path =
        "/v1/messages/" + URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");
    HttpResponse<String> answer = HttpCalls.call(ingest.request(config, path).GET().build());
    if (answer.statusCode() == 404) {
      throw new Exit(
          Exit.NO, "no message " + id + " was accepted in the last 24 hours", "check the id");
    }
    if (answer.statusCode() != 200) {
      throw new Exit(
          Exit.UNAVAILABLE,
          "no answer about " + id + ": " + answer.body(),
          "ask again in a moment");
    }
    System.out.println(json ? answer.body() : text(answer.body()));
    return 0;
  }

  private static String held(JsonNode recipient) {
    return recipient.has("heldUntil")
        ? "  held for tandem in-doubt resolve, until " + recipient.path("heldUntil").asText()
        : "";
  }

  private static String text(String body) {
    JsonNode message = Json.tree(body.getBytes(StandardCharsets.UTF_8)).orElseThrow();
    StringBuilder text = new StringBuilder();
    text.append(
        "%s  route %s  %s  submitted %s%n"
            .formatted(
                message.path("id").asText(),
                message.path("route").asText(),
                message.path("state").asText(),
                message.path("submittedAt").asText()));
    if (message.has("waitingIn")) {
      text.append("waiting in the ").append(message.path("waitingIn").asText()).append('\n');
    }
    for (JsonNode recipient : message.path("recipients")) {
      text.append(
          "  %-12s %s%s%n"
              .formatted(
                  recipient.path("state").asText(),
                  recipient.path("recipient").asText(),
                  held(recipient)));
    }
    for (JsonNode event : message.path("events")) {
      JsonNode reply = event.path("reply");
      String said =
          reply.isMissingNode()
              ? event.path("reason").asText()
              : reply.path("code").asText() + " " + reply.path("text").asText();
      text.append(
          "%s  attempt %d  %-10s %s %s  %s%n"
              .formatted(
                  event.path("at").asText(),
                  event.path("attempt").asInt(),
                  event.path("type").asText(),
                  event.path("server").asText(),
                  event.path("recipient").asText(),
                  said.replaceAll("\\p{Cntrl}", "?")));
    }
    return text.toString().stripTrailing();
  }
}
