package io.tandemmail.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tandemmail.sink.MailSink;
import io.tandemmail.sink.SinkConfig;
import io.tandemmail.sink.SinkConfig.Extension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A secondary that is not what its route requires gets no mail, also when the primary is gone; mended, it takes it. */
class ParityIT {
  private static final Duration WITHIN = Duration.ofSeconds(90);

  @TempDir Path folder;
  private final Arrivals arrivals = new Arrivals();

  @Test
  void driftHoldsMailUntilTheSecondaryIsMended() throws Exception {
    MailSink primary = MailSink.start(SinkConfig.named("primary"), arrivals);
    MailSink drifted = MailSink.start(SinkConfig.named("b").without(Extension.SMTPUTF8));
    MailSink mended = drifted;
    int port = drifted.port();
    int http = Submissions.freePort();
    int console = Submissions.freePort();
    String servers = "http://127.0.0.1:" + console + "/v1/servers";
    Path config = config(http, console, primary.port(), port);
    try (TandemProcess tandem =
        TandemProcess.tandem(folder, "tandem", "standalone", "--config", config.toString())) {
      tandem.awaitOutput("tandem is ready", WITHIN);
      await("drift")
          .atMost(WITHIN)
          .untilAsserted(() ->
              assertThat(Submissions.get(servers).body()).contains("offers no SMTPUTF8, a does"));
      assertThat(Submissions.get("http://127.0.0.1:" + console + "/metrics").body())
          .contains("tandem_parity_drift{server=\"b\"} 1");

      primary.close();
      await("down")
          .atMost(WITHIN)
          .until(() -> Submissions.get(servers).body().contains("\"id\":\"a\",\"state\":\"DOWN\""));
      assertThat(Submissions.post("http://127.0.0.1:" + http, "held-1")).isEqualTo(202);
      // Some probes and looks with the primary gone: what was known of b must still stand.
      long connections = drifted.counts().connections();
      await("looks").atMost(WITHIN).until(() -> drifted.counts().connections() > connections + 15);
      assertThat(drifted.counts().transactions()).isZero();

      drifted.close();
      mended = MailSink.start(SinkConfig.named("b").onPort(port), arrivals);
      arrivals.awaitAll(List.of("held-1"), WITHIN);
      assertThat(arrivals.duplicates()).isZero();
    } finally {
      primary.close();
      mended.close();
    }
  }

  private Path config(int http, int console, int primary, int secondary) throws Exception {
    return Files.writeString(
        folder.resolve("tandem.yaml"),
        """
        kafka: { embedded: { port: 0, data-dir: %s }, partitions: 2 }
        ingest: { http: { port: %d } }
        console: { port: %d }
        worker: { ehlo-name: localhost, drain-budget: 5s }
        servers:
          a: { host: 127.0.0.1, port: %d, tls: none }
          b: { host: 127.0.0.1, port: %d, tls: none }
        routes: { default: { primary: a, secondary: b, parity: required } }
        health: { probe-interval: 300ms, down-after-failures: 3, up-after-successes: 2, ramp: 1s, cool-down: 1s..5s, parity-interval: 1s }
        """
            .formatted(folder.resolve("data"), http, console, primary, secondary));
  }
}
