package io.tandemmail.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.tandemmail.model.json.Json;
import io.tandemmail.sink.MailSink;
import io.tandemmail.sink.SinkConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What operators do to a running system: rehearse a failover, change the configuration. Mail goes on all the while. */
class OperatorsIT {
  private static final Duration START = Duration.ofSeconds(90);
  private static final Duration SOON = Duration.ofSeconds(60);

  @TempDir Path folder;
  private final Arrivals arrivals = new Arrivals();
  private final List<String> accepted = new CopyOnWriteArrayList<>();
  private volatile boolean feeding = true;
  private MailSink primary;
  private MailSink secondary;
  private MailSink third;
  private String ingest;
  private String console;
  private int kafkaPort;
  private int httpPort;
  private int consolePort;
  private Path config;

  @BeforeEach
  void prepare() throws IOException {
    primary = MailSink.start(SinkConfig.named("primary"), arrivals);
    secondary = MailSink.start(SinkConfig.named("secondary"), arrivals);
    third = MailSink.start(SinkConfig.named("third"), arrivals);
    kafkaPort = Submissions.freePort();
    httpPort = Submissions.freePort();
    consolePort = Submissions.freePort();
    ingest = "http://127.0.0.1:" + httpPort;
    console = "http://127.0.0.1:" + consolePort;
    config = folder.resolve("tandem.yaml");
    configure("default: { primary: a, secondary: b }", "");
  }

  @AfterEach
  void stop() {
    primary.close();
    secondary.close();
    third.close();
  }

  @Test
  void aDrillMovesTheMailMeasuresRestoresAndIsOnRecord() throws Exception {
    try (TandemProcess process = standalone()) {
      Thread feed = feed();
      JsonNode report = drill("loss", 0, "default", "--hold", "3");
      assertThat(report.path("passed").asBoolean()).as(report.toString()).isTrue();
      JsonNode figures = report.path("figures");
      assertThat(figures.path("deliveredBy").path("b").asInt()).isPositive();
      assertThat(figures.path("evidence").asText()).contains("rehearsed by");
      assertThat(figures.path("duplicates").asInt()).isZero();

      JsonNode canary = drill("canary", 0, "default", "--hold", "3", "--canary", "30%");
      JsonNode shares = canary.path("figures").path("deliveredBy");
      assertThat(shares.path("a").asInt()).isGreaterThan(shares.path("b").asInt());
      assertThat(shares.path("b").asInt()).isPositive();

      feeding = false;
      feed.join();
      arrivals.awaitAll(accepted, SOON);
      assertThat(arrivals.duplicates()).isZero();
      await()
          .atMost(SOON)
          .untilAsserted(() ->
              assertThat(Submissions.get(console + "/v1/drills").body())
                  .contains(report.path("id").asText(), canary.path("id").asText()));
      assertThat(process.terminate()).isIn(0, 143);
    }
  }

  @Test
  void aDrillWithASecondaryThatIsNotFitMovesNothing() throws Exception {
    secondary.close();
    try (TandemProcess process = standalone()) {
      JsonNode report = drill("unfit", 1, "default");
      assertThat(report.path("problems").toString()).contains("b");
      assertThat(report.has("figures")).isFalse();
      assertThat(process.terminate()).isIn(0, 143);
    }
  }

  @Test
  void anotherConfigurationIsTakenOnAndMailMovesFromAServerThatIsTakenOut() throws Exception {
    try (TandemProcess process = standalone()) {
      Thread feed = feed();
      await().atMost(SOON).until(() -> arrivals.distinct() > 20);
      primary.stop();
      secondary.stop();
      int before = accepted.size();
      await().atMost(SOON).until(() -> accepted.size() > before + 50);

      configure("default: { primary: a, secondary: b }, broken: { primary: x }", "");
      process.awaitOutput("is not taken on", SOON);
      assertThat(status()).as("wrong somewhere: nothing is taken on").doesNotContain("\"broken\"");

      configure(
          "default: { primary: c }, receipts: { primary: c }",
          "  c: { host: 127.0.0.1, port: %d, tls: none }\n".formatted(third.port()));
      await().atMost(SOON).untilAsserted(() -> assertThat(status()).contains("\"receipts\""));
      await().atMost(SOON).until(() -> Submissions.post(ingest, "receipt-1", "receipts") == 202);
      accepted.add("receipt-1");

      feeding = false;
      feed.join();
      arrivals.awaitAll(accepted, SOON);
      assertThat(arrivals.duplicates()).isZero();
      await()
          .atMost(SOON)
          .untilAsserted(() -> assertThat(status()).doesNotContain("\"configLags\":true"));
      assertThat(process.terminate()).isIn(0, 143);
    }
  }

  private String status() throws Exception {
    return Submissions.get(console + "/v1/status").body();
  }

  private Thread feed() {
    return Thread.ofVirtual()
        .start(() -> {
          for (int i = 0; feeding; i++) {
            try {
              if (Submissions.post(ingest, "m-" + i) == 202) {
                accepted.add("m-" + i);
              }
              TimeUnit.MILLISECONDS.sleep(20);
            } catch (IOException | InterruptedException e) {
              return;
            }
          }
        });
  }

  private JsonNode drill(String name, int exitCode, String... arguments) throws Exception {
    String[] all = new String[arguments.length + 4];
    all[0] = "drill";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    all[arguments.length + 1] = "--json";
    all[arguments.length + 2] = "--config";
    all[arguments.length + 3] = config.toString();
    try (TandemProcess command = TandemProcess.tandem(folder, name, all)) {
      int code = command.exitCode(Duration.ofMinutes(3));
      String json =
          command
              .output()
              .lines()
              .filter(line -> line.startsWith("{"))
              .findFirst()
              .orElseThrow(() -> new AssertionError("no report; exit code " + code));
      assertThat(code).as(json).isEqualTo(exitCode);
      return Json.tree(json.getBytes(StandardCharsets.UTF_8)).orElseThrow();
    }
  }

  private TandemProcess standalone() throws IOException {
    return TandemProcess.tandem(folder, "standalone", "standalone", "--config", config.toString())
        .awaitOutput("tandem is ready", START);
  }

  private void configure(String routes, String moreServers) throws IOException {
    Files.writeString(
        config,
        """
        kafka: { embedded: { port: %d, data-dir: %s }, partitions: 4 }
        ingest: { http: { port: %d } }
        console: { port: %d }
        worker: { ehlo-name: localhost, drain-budget: 5s }
        servers:
          a: { host: 127.0.0.1, port: %d, tls: none }
          b: { host: 127.0.0.1, port: %d, tls: none }
        %sroutes: { %s }
        health: { probe-interval: 300ms, down-after-failures: 3, up-after-successes: 2, ramp: 1s, cool-down: 1s..5s }
        """
            .formatted(
                kafkaPort,
                folder.resolve("data"),
                httpPort,
                consolePort,
                primary.port(),
                secondary.port(),
                moreServers,
                routes));
  }
}
