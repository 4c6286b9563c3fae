package io.tandemmail.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tandemmail.sink.MailSink;
import io.tandemmail.sink.SinkConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each service a process of its own on a Kafka that is not ours; an operator drains the primary and gives it back. */
class ServicesIT {
  private static final Duration START = Duration.ofSeconds(120);

  @TempDir Path folder;

  @Test
  void aDrainedPrimarysMailLeavesThroughTheSecondaryUntilItIsGivenBack() throws Exception {
    Arrivals arrivals = new Arrivals();
    int httpPort = Submissions.freePort();
    String ingest = "http://127.0.0.1:" + httpPort;
    try (MailSink primary = MailSink.start(SinkConfig.named("primary"), arrivals);
        MailSink secondary = MailSink.start(SinkConfig.named("secondary"), arrivals);
        KafkaUnderTest kafka = KafkaUnderTest.start(folder)) {
      String config = config(kafka.bootstrapServers(), httpPort, primary.port(), secondary.port());
      await().atMost(START).until(() -> tandem("topics", "apply", config).equals(0));
      assertThat(tandem("topics", "plan", config)).as("nothing is left to do").isZero();
      try (TandemProcess ingestService = service("ingest", config, "ingest is ready");
          TandemProcess router = service("router", config, "router is started");
          TandemProcess worker = service("worker", config, "worker is started")) {
        List<String> first = submit(ingest, "first", 150);
        arrivals.awaitAll(first, START);
        assertThat(primary.counts().accepted()).isEqualTo(150);

        try (TandemProcess drain =
            TandemProcess.tandem(
                folder, "drain", "server", "drain", "a", "--why", "test", "--config", config)) {
          assertThat(drain.exitCode(START)).isZero();
        }
        await().atMost(START).until(() -> status(config).contains("\"state\":\"DRAINED\""));
        List<String> second = submit(ingest, "second", 150);
        arrivals.awaitAll(second, START);
        assertThat(secondary.counts().accepted()).isEqualTo(150);

        try (TandemProcess resume =
            TandemProcess.tandem(folder, "resume", "server", "resume", "a", "--config", config)) {
          assertThat(resume.exitCode(START)).isZero();
        }
        await()
            .atMost(START)
            .untilAsserted(() -> {
              submit(ingest, "third-" + System.nanoTime(), 5);
              assertThat(primary.counts().accepted()).isGreaterThan(150);
            });
        await()
            .atMost(START)
            .untilAsserted(() ->
                assertThat(status(config))
                    .contains("\"failed\":0,\"waiting\":0,\"unaccounted\":0"));
        assertThat(arrivals.duplicates()).isZero();
      }
    }
  }

  private static List<String> submit(String ingest, String prefix, int count)
      throws IOException, InterruptedException {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String id = prefix + "-" + i;
      assertThat(Submissions.post(ingest, id)).isEqualTo(202);
      ids.add(id);
    }
    return ids;
  }

  private String status(String config) throws Exception {
    Path log = folder.resolve("status.log");
    Files.deleteIfExists(log);
    try (TandemProcess status =
        TandemProcess.tandem(folder, "status", "status", "--json", "--config", config)) {
      status.exitCode(START);
      return status.output();
    }
  }

  private Integer tandem(String command, String subcommand, String config) throws Exception {
    try (TandemProcess process =
        TandemProcess.tandem(folder, command, command, subcommand, "--config", config)) {
      return process.exitCode(START);
    }
  }

  private TandemProcess service(String kind, String config, String ready) throws IOException {
    return TandemProcess.tandem(folder, kind, kind, "--config", config).awaitOutput(ready, START);
  }

  private String config(String bootstrap, int httpPort, int primaryPort, int secondaryPort)
      throws IOException {
    return Files.writeString(
            folder.resolve("tandem.yaml"),
            """
            kafka: { bootstrap-servers: "%s", partitions: 4, replication-factor: 1 }
            ingest: { http: { port: %d } }
            worker: { ehlo-name: localhost }
            servers:
              a: { host: 127.0.0.1, port: %d, tls: none }
              b: { host: 127.0.0.1, port: %d, tls: none }
            routes: { default: { primary: a, secondary: b } }
            health: { probe-interval: 500ms, ramp: 2s, cool-down: 1s..5s }
            """
                .formatted(
                    bootstrap.replace("PLAINTEXT://", ""), httpPort, primaryPort, secondaryPort))
        .toString();
  }
}
