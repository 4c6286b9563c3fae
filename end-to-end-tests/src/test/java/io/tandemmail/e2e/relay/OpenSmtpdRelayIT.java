package io.tandemmail.e2e.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tandemmail.e2e.Submissions;
import io.tandemmail.e2e.TandemProcess;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** OpenSMTPD as the primary, over implicit TLS with a verified certificate. */
class OpenSmtpdRelayIT {
  @TempDir Path folder;

  @Test
  void mailGoesThroughOpenSmtpdToTheSinkBehindIt() throws Exception {
    Optional<Path> smtpd = UnpackedServer.find("smtpd");
    assumeTrue(smtpd.isPresent(), "no OpenSMTPD: see deploy/ci/mail-servers.sh");
    Certificates certificates = Certificates.create(folder);
    int port = Submissions.freePort();
    String settings =
        "port: %d, tls: implicit, trust-store: %s".formatted(port, certificates.authority());
    try (RelayRun run = new RelayRun(folder);
        UnpackedServer relay =
            OpenSmtpdRelay.start(smtpd.get(), folder, certificates, port, run.behind.port());
        TandemProcess tandem = run.tandem(settings)) {
      run.sendAll();
      run.assertAllArrivedAt(run.behind);
      run.assertReceivedLines("by relay\\.example\\.com \\(OpenSMTPD\\) with ESMTP ");
      assertThat(relay.output()).contains("TLSv1.3");
    }
  }
}
