package io.tandemmail.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tandemmail.sink.MailSink;
import io.tandemmail.sink.SinkConfig;
import io.tandemmail.torture.process.SmallDisk;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fault D1: the disk under the broker is filled by somebody else while mail flows. */
class DiskFullIT {
  private static final Duration START = Duration.ofSeconds(120);
  private static final Duration WAIT = Duration.ofSeconds(60);
  private static final int DISK_MIB = 384;
  private static final int LIMIT_MIB = 128;

  /** Below the limit, and still enough for what was taken. */
  private static final int SHORT_MIB = 96;

  /** Connections to both servers: as many can have been in flight at once. */
  private static final int IN_FLIGHT_MAX = 8;

  @TempDir Path folder;

  private final Arrivals arrivals = new Arrivals();
  private final Set<String> accepted = new ConcurrentSkipListSet<>();
  private SmallDisk disk;
  private MailSink primary;
  private MailSink secondary;
  private Path config;
  private String url;
  private int smtpPort;

  @BeforeEach
  void prepare() throws Exception {
    assumeTrue(SmallDisk.canBeMounted(), "a small disk cannot be mounted here (it needs root)");
    disk = SmallDisk.mount(folder.resolve("disk"), DISK_MIB);
    primary = MailSink.start(SinkConfig.named("primary"), arrivals);
    secondary = MailSink.start(SinkConfig.named("secondary"), arrivals);
    int httpPort = Submissions.freePort();
    smtpPort = Submissions.freePort();
    url = "http://127.0.0.1:" + httpPort;
    config = folder.resolve("tandem.yaml");
    Files.writeString(
        config,
        """
        kafka: { embedded: { port: 0, data-dir: %s }, partitions: 4 }
        ingest: { http: { port: %d }, smtp: { port: %d }, min-free-disk: %dMiB }
        console: { port: 0 }
        worker: { ehlo-name: localhost, drain-budget: 5s }
        servers:
          a: { host: 127.0.0.1, port: %d, tls: none, max-connections: 4 }
          b: { host: 127.0.0.1, port: %d, tls: none, max-connections: 4 }
        routes:
          default: { primary: a, secondary: b, retry: { first: 1s, max: 2s, give-up-after: 1h } }
        health: { probe-interval: 300ms, down-after-failures: 3, up-after-successes: 2, ramp: 1s, cool-down: 1s..2s }
        """
            .formatted(
                disk.folder().resolve("data"),
                httpPort,
                smtpPort,
                LIMIT_MIB,
                primary.port(),
                secondary.port()));
  }

  @AfterEach
  void stop() throws Exception {
    if (disk != null) {
      primary.close();
      secondary.close();
      disk.close();
    }
  }

  @Test
  void ingestRefusesBeforeTheDiskIsFullAndTakesMailAgainWhenSpaceReturns() throws Exception {
    try (TandemProcess tandem = standalone("first");
        Submitter submitter = new Submitter("m")) {
      submitter.awaitAccepted(50);

      disk.fill(SHORT_MIB);
      submitter.awaitRefused();
      HttpResponse<String> refusal = Submissions.answer(url, "refused");
      assertThat(refusal.statusCode()).isEqualTo(503);
      assertThat(refusal.headers().firstValue("Retry-After")).contains("30");
      assertThat(refusal.body())
          .contains("broker 1: ", "free of 384 MiB in " + disk.folder(), "ingest.min-free-disk");
      assertThat(replyToMail()).startsWith("452 4.3.1 ");
      assertThat(Submissions.get(url + "/readyz").statusCode()).isEqualTo(503);
      assertThat(Submissions.get(url + "/metrics").body())
          .contains("tandem_ingest_open 0", "tandem_broker_disk_usable_bytes{broker=\"1\"} ");
      arrivals.awaitAll(accepted, WAIT);

      int before = accepted.size();
      disk.free();
      submitter.awaitAccepted(before + 50);
      submitter.close();
      arrivals.awaitAll(accepted, WAIT);
      assertThat(arrivals.duplicates()).isZero();
      assertThat(arrivals.copiesOf("refused")).isZero();
      assertThat(Submissions.get(url + "/readyz").statusCode()).isEqualTo(200);
      assertThat(tandem.output()).contains("new mail is refused: ", "new mail is taken again");
    }
  }

  @Test
  void onAFullDiskTheProcessEndsAndNothingThatWasAcceptedIsLost() throws Exception {
    try (TandemProcess first = standalone("first");
        Submitter submitter = new Submitter("m")) {
      submitter.awaitAccepted(50);
      // More are accepted all the time.
      arrivals.awaitAll(Set.copyOf(accepted), WAIT);
      primary.stop();
      secondary.stop();
      submitter.awaitAccepted(accepted.size() + 100);

      disk.fill(0);

      assertThat(first.exitCode(WAIT)).as(first.output()).isEqualTo(69);
      assertThat(first.output()).contains("disk", "free space in " + disk.folder());
    }
    try (TandemProcess second = start("second")) {
      assertThat(second.exitCode(WAIT)).as(second.output()).isEqualTo(69);
      assertThat(second.output()).contains("is full", "free space in " + disk.folder());
    }

    disk.free();
    primary.restart();
    secondary.restart();
    try (TandemProcess third = standalone("third")) {
      arrivals.awaitAll(accepted, WAIT);
      assertThat(Submissions.post(url, "afterwards")).isEqualTo(202);
      arrivals.awaitAll(Set.of("afterwards"), WAIT);
      assertThat(arrivals.duplicates()).as(third.output()).isLessThanOrEqualTo(IN_FLIGHT_MAX);
    }
  }

  /** Submits one message after the other, and notes each that was accepted. */
  private final class Submitter implements AutoCloseable {
    private final Thread submitting;
    private volatile boolean refused;
    private volatile boolean closed;

    Submitter(String prefix) {
      submitting = Thread.ofPlatform().start(() -> run(prefix));
    }

    void awaitAccepted(int count) {
      await(count + " accepted").atMost(WAIT).until(() -> accepted.size() >= count);
    }

    void awaitRefused() {
      await("a refusal").atMost(WAIT).until(() -> refused);
    }

    @Override
    public void close() throws InterruptedException {
      closed = true;
      submitting.join();
    }

    private void run(String prefix) {
      for (int i = 0; !closed; i++) {
        try {
          int status = Submissions.post(url, prefix + i);
          if (status == 202) {
            accepted.add(prefix + i);
          }
          refused |= status == 503;
          Thread.sleep(status == 202 ? 2 : 100);
        } catch (IOException gone) {
          refused = true;
        } catch (InterruptedException e) {
          return;
        }
      }
    }
  }

  private String replyToMail() throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), smtpPort)) {
      socket.setSoTimeout(10_000);
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      in.readLine();
      socket
          .getOutputStream()
          .write(
              "HELO localhost\r\nMAIL FROM:<a@b.example>\r\n".getBytes(StandardCharsets.US_ASCII));
      in.readLine();
      return in.readLine();
    }
  }

  private TandemProcess standalone(String name) throws IOException {
    return start(name).awaitOutput("tandem is ready", START);
  }

  private TandemProcess start(String name) throws IOException {
    return TandemProcess.tandem(folder, name, "standalone", "--config", config.toString());
  }
}
