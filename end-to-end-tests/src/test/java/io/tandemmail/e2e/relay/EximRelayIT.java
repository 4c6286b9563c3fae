package io.tandemmail.e2e.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tandemmail.e2e.Submissions;
import io.tandemmail.e2e.TandemProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Exim as the primary: TLS with a verified certificate, and AUTH. */
class EximRelayIT {
  @TempDir Path folder;
  private Path exim;
  private Certificates certificates;
  private int port;

  @BeforeEach
  void prepare() throws IOException, InterruptedException {
    Optional<Path> found = UnpackedServer.find("exim4");
    assumeTrue(found.isPresent(), "no Exim: see deploy/ci/mail-servers.sh");
    exim = found.get();
    certificates = Certificates.create(folder);
    port = Submissions.freePort();
  }

  @Test
  void mailGoesThroughEximToTheSinkBehindIt() throws Exception {
    try (RelayRun run = new RelayRun(folder);
        UnpackedServer relay =
            EximRelay.start(exim, folder, certificates, port, run.behind.port());
        TandemProcess tandem = run.tandem(settings(EximRelay.PASSWORD))) {
      run.sendAll();
      run.assertAllArrivedAt(run.behind);
      run.assertReceivedLines("by relay\\.example\\.com with esmtpsa .*Exim");
    }
  }

  @Test
  void aWrongPasswordSendsTheMailToTheSecondaryAndIsNamed() throws Exception {
    try (RelayRun run = new RelayRun(folder);
        UnpackedServer relay =
            EximRelay.start(exim, folder, certificates, port, run.behind.port());
        TandemProcess tandem = run.tandem(settings("wrong"))) {
      run.sendAll();
      run.assertAllArrivedAt(run.secondary);
      assertThat(run.behind.counts().accepted()).isZero();
      // The console looks every two seconds, and mail moves within one.
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() -> assertThat(run.servers()).contains("535 ", " at auth"));
    }
  }

  private String settings(String password) throws IOException {
    Path file = Files.writeString(folder.resolve("relay.password"), password + "\n");
    return "port: %d, tls: required, trust-store: %s, username: %s, password-file: %s"
        .formatted(port, certificates.authority(), EximRelay.USER, file);
  }
}
