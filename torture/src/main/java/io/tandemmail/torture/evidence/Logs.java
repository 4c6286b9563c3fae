package io.tandemmail.torture.evidence;

import com.fasterxml.jackson.databind.JsonNode;
import io.tandemmail.model.json.Json;
import io.tandemmail.model.wire.HomePartition;
import io.tandemmail.torture.check.Arrivals;
import io.tandemmail.torture.check.Checker;
import io.tandemmail.torture.check.Copy;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** The files. */
public final class Logs {
  private Logs() {}

  public static void accepted(Path log, Checker checker) throws IOException {
    each(
        log,
        json ->
            checker.accepted(
                json.path("id").asText(),
                recipients(json),
                Instant.parse(json.path("at").asText())));
  }

  /**
   * @param counted ids whose arrival shows that mail flows
   */
  public static void sink(
      Path log, int partitions, Checker checker, Arrivals arrivals, Predicate<String> counted)
      throws IOException {
    each(
        log,
        json -> {
          Copy copy =
              new Copy(
                  json.path("key").asText(),
                  recipients(json),
                  json.path("sink").asText().intern(),
                  json.path("client").asText().intern(),
                  Instant.parse(json.path("at").asText()),
                  json.path("sha256").asText());
          checker.copy(copy);
          if (counted.test(copy.id())) {
            arrivals.note(HomePartition.of(copy.id(), partitions), copy.sink(), copy.at());
          }
        });
  }

  private static List<String> recipients(JsonNode json) {
    List<String> recipients = new ArrayList<>(1);
    json.path("rcpt").forEach(one -> recipients.add(one.asText()));
    return recipients;
  }

  private static void each(Path log, Consumer<JsonNode> use) throws IOException {
    int number = 0;
    try (BufferedReader lines = Files.newBufferedReader(log)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        JsonNode json = Json.tree(line.getBytes(StandardCharsets.UTF_8)).orElse(null);
        if (json == null) {
          throw new IOException(log + ":" + number + " is no JSON: " + line);
        }
        use.accept(json);
      }
    }
  }
}
