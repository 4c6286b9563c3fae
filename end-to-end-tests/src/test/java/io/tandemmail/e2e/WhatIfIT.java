package io.tandemmail.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tandemmail.model.json.Json;
import io.tandemmail.sink.MailSink;
import io.tandemmail.sink.SinkConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mail that a dead primary left to its secondary, replayed from Kafka with a third server and without the route. */
class WhatIfIT {
  private static final Duration WAIT = Duration.ofSeconds(90);
  private static final int MESSAGES = 40;

  @TempDir Path folder;
  private final Arrivals arrivals = new Arrivals();
  private MailSink primary;
  private MailSink secondary;
  private String ingest;
  private String yaml;
  private Path running;

  @BeforeEach
  void prepare() throws IOException {
    primary = MailSink.start(SinkConfig.named("primary"), arrivals);
    secondary = MailSink.start(SinkConfig.named("secondary"), arrivals);
    int httpPort = Submissions.freePort();
    ingest = "http://127.0.0.1:" + httpPort;
    yaml =
        """
        kafka: { embedded: { port: %d, data-dir: %s }, partitions: 4 }
        ingest: { http: { port: %d } }
        console: { port: 0 }
        worker: { ehlo-name: localhost, drain-budget: 5s }
        servers:
          a: { host: 127.0.0.1, port: %d, tls: none }
          b: { host: 127.0.0.1, port: %d, tls: none }
        routes: { default: { primary: a, secondary: b } }
        health: { probe-interval: 300ms, down-after-failures: 3, up-after-successes: 2, ramp: 1s, cool-down: 1s..5s }
        """
            .formatted(
                Submissions.freePort(),
                folder.resolve("data"),
                httpPort,
                primary.port(),
                secondary.port());
    running = Files.writeString(folder.resolve("tandem.yaml"), yaml);
  }

  @AfterEach
  void stop() {
    primary.close();
    secondary.close();
  }

  @Test
  void aThirdServerWouldHaveTakenWhatTheDeadPrimaryCouldNot() throws Exception {
    try (TandemProcess process =
        TandemProcess.tandem(folder, "standalone", "standalone", "--config", running.toString())
            .awaitOutput("tandem is ready", WAIT)) {
      primary.stop();
      process.awaitOutput("a: UP -> DOWN", WAIT);
      post();

      JsonNode third =
          whatIf(
              "third",
              0,
              yaml.replace("servers:", "servers:\n  c: { host: 127.0.0.2, port: 2525 }")
                  .replace("primary: a, secondary: b", "primary: c, secondary: [a, b]"));

      assertThat(third.path("messages").asInt()).isEqualTo(MESSAGES);
      assertThat(of(third.path("really"), "server", "b").path("delivered").asInt())
          .isEqualTo(MESSAGES);
      JsonNode replayed = third.path("running").path("lanes");
      assertThat(of(replayed, "server", "b").path("delivered").asInt())
          .as("%s", third)
          .isEqualTo(MESSAGES);
      JsonNode proposed = third.path("proposed");
      assertThat(of(proposed.path("lanes"), "server", "c").path("delivered").asInt())
          .isEqualTo(MESSAGES);
      assertThat(third.path("notes").toString())
          .contains("c is new at its address and taken for UP throughout", "0.1 s");

      JsonNode gone = whatIf("gone", 1, yaml.replace("routes: { default:", "routes: { other:"));
      assertThat(gone.path("proposed").path("refused").path("default").asInt()).isEqualTo(MESSAGES);
    }
  }

  private void post() throws Exception {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < MESSAGES; i++) {
      ids.add("m-" + i);
      assertThat(Submissions.post(ingest, "m-" + i)).isEqualTo(202);
    }
    arrivals.awaitAll(ids, WAIT);
  }

  private JsonNode whatIf(String name, int exit, String proposed) throws Exception {
    Path file = Files.writeString(folder.resolve(name + ".yaml"), proposed);
    try (TandemProcess process =
        TandemProcess.tandem(
            folder,
            name,
            "what-if",
            "--json",
            "--hours",
            "1",
            "--config",
            file.toString(),
            "--running",
            running.toString())) {
      assertThat(process.exitCode(WAIT)).as(process.output()).isEqualTo(exit);
      String line =
          process.output().lines().filter(text -> text.startsWith("{")).findFirst().orElseThrow();
      return Json.tree(line.getBytes(StandardCharsets.UTF_8)).orElseThrow();
    }
  }

  private static JsonNode of(JsonNode all, String field, String value) {
    return StreamSupport.stream(all.spliterator(), false)
        .filter(one -> one.path(field).asText().equals(value))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + value + " in " + all));
  }
}
