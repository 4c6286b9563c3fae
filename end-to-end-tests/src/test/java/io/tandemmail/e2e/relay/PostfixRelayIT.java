package io.tandemmail.e2e.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tandemmail.bench.PostfixRelay;
import io.tandemmail.e2e.Submissions;
import io.tandemmail.e2e.TandemProcess;
import io.tandemmail.e2e.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Postfix as the primary: TLS with a verified certificate. */
class PostfixRelayIT {
  private static final String NO_POSTFIX = "no Postfix: apt-get install postfix";

  @TempDir Path folder;

  @Test
  void aCertificateOfAnotherAuthorityIsNotTrustedAndTheSecondaryDelivers() throws Exception {
    assumeTrue(Tools.find("postfix").isPresent(), NO_POSTFIX);
    int port = Submissions.freePort();
    Certificates another =
        Certificates.create(Files.createDirectory(folder.resolve("another-authority")));
    try (RelayRun run = new RelayRun(folder);
        PostfixRelay relay = postfix(Certificates.create(folder), port, run);
        TandemProcess tandem = run.tandem(settings(another, port))) {
      run.sendAll();
      run.assertAllArrivedAt(run.secondary);
      assertThat(run.behind.counts().accepted()).isZero();
    }
  }

  @Test
  void mailGoesThroughPostfixToTheSinkBehindIt() throws Exception {
    assumeTrue(Tools.find("postfix").isPresent(), NO_POSTFIX);
    int port = Submissions.freePort();
    Certificates certificates = Certificates.create(folder);
    try (RelayRun run = new RelayRun(folder);
        PostfixRelay relay = postfix(certificates, port, run);
        TandemProcess tandem = run.tandem(settings(certificates, port))) {
      run.sendAll();
      run.assertAllArrivedAt(run.behind);
      run.assertReceivedLines(
          "\\(using TLSv1\\.3 .* by relay\\.example\\.com \\(Postfix\\) with ESMTPS ");
    }
  }

  private PostfixRelay postfix(Certificates certificates, int port, RelayRun run)
      throws IOException, InterruptedException {
    String tls =
        """
        smtpd_tls_security_level = encrypt
        smtpd_tls_chain_files = %s, %s
        smtpd_tls_received_header = yes
        """
            .formatted(certificates.key(), certificates.chain());
    return PostfixRelay.start(folder, port, run.behind.port(), tls);
  }

  private static String settings(Certificates certificates, int port) {
    return "port: %d, tls: required, trust-store: %s".formatted(port, certificates.authority());
  }
}
