package io.tandemmail.e2e.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.e2e.Arrivals;
import io.tandemmail.e2e.Submissions;
import io.tandemmail.e2e.TandemProcess;
import io.tandemmail.sink.MailSink;
import io.tandemmail.sink.ReceivedMessage;
import io.tandemmail.sink.SinkConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/** Tandem in front of a relay in front of a sink, and a second sink as the secondary. */
final class RelayRun implements AutoCloseable {
  static final int MESSAGES = 50;
  private static final Duration START = Duration.ofSeconds(90);
  private static final Duration ARRIVAL = Duration.ofSeconds(90);

  final MailSink behind;
  final MailSink secondary;
  private final Path folder;
  private final Arrivals arrivals = new Arrivals();
  private final int consolePort;
  private final int ingestPort;

  RelayRun(Path folder) throws IOException {
    this.folder = folder;
    consolePort = Submissions.freePort();
    ingestPort = Submissions.freePort();
    behind = MailSink.start(SinkConfig.named("behind").keeping(), arrivals);
    secondary = MailSink.start(SinkConfig.named("secondary").keeping(), arrivals);
  }

  /**
   * @param primary the relay's settings, in YAML's flow style
   */
  TandemProcess tandem(String primary) throws IOException {
    Path config =
        Files.writeString(
            folder.resolve("tandem.yaml"),
            """
            kafka: { embedded: { port: %d, data-dir: %s }, partitions: 2 }
            ingest: { http: { port: %d } }
            console: { port: %d }
            worker: { ehlo-name: localhost }
            servers:
              relay: { host: localhost, max-connections: 4, %s }
              b: { host: 127.0.0.1, port: %d, tls: none }
            routes: { default: { primary: relay, secondary: b } }
            health: { probe-interval: 300ms }
            """
                .formatted(
                    Submissions.freePort(),
                    folder.resolve("tandem-data"),
                    ingestPort,
                    consolePort,
                    primary,
                    secondary.port()));
    return TandemProcess.tandem(folder, "standalone", "standalone", "--config", config.toString())
        .awaitOutput("tandem is ready", START);
  }

  /** Submits, and waits until every message has arrived somewhere. */
  void sendAll() throws IOException, InterruptedException {
    for (int number = 0; number < MESSAGES; number++) {
      assertThat(RelayedMail.submit("http://127.0.0.1:" + ingestPort, number)).isEqualTo(202);
    }
    arrivals.awaitAll(IntStream.range(0, MESSAGES).mapToObj(RelayedMail::id).toList(), ARRIVAL);
  }

  /** Exactly once, intact, and all of it in this sink. */
  void assertAllArrivedAt(MailSink sink) throws Exception {
    assertThat(arrivals.duplicates()).isZero();
    List<ReceivedMessage> received = sink.received();
    assertThat(received).hasSize(MESSAGES);
    for (ReceivedMessage message : received) {
      RelayedMail.assertIntact(message);
    }
  }

  /** The header that the relay wrote about its session with Tandem. */
  void assertReceivedLines(String pattern) {
    assertThat(behind.received())
        .allSatisfy(message ->
            assertThat(
                    new String(message.content(), StandardCharsets.UTF_8)
                        .replaceAll("\r\n[ \t]+", " "))
                .containsPattern("(?m)^Received: .*" + pattern));
  }

  /** What the console says of the servers. */
  String servers() throws IOException, InterruptedException {
    return Submissions.get("http://127.0.0.1:" + consolePort + "/v1/servers").body();
  }

  @Override
  public void close() {
    behind.close();
    secondary.close();
  }
}
