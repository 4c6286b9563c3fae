package io.tandemmail.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.sink.MailSink;
import io.tandemmail.sink.SinkConfig;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From HTTP to the server: the running product signs, and what it tells to publish verifies what it sent. */
class DkimIT {
  private static final String VERIFY =
      """
      import sys, dkim
      records = dict(line.split('. IN TXT ', 1) for line in sys.argv[1].splitlines())
      def txt(name, timeout=5):
          return records[name.decode().rstrip('.')].replace('" "', '').strip('"').encode()
      message = sys.stdin.buffer.read()
      print(*(dkim.DKIM(message).verify(idx=i, dnsfunc=txt) for i in range(2)))
      """;

  @TempDir Path folder;

  @Test
  void whatIsSubmittedArrivesSignedWithEveryKeyOfItsDomain() throws Exception {
    Arrivals arrivals = new Arrivals();
    int httpPort = Submissions.freePort();
    try (MailSink a = MailSink.start(SinkConfig.named("a").keeping(), arrivals);
        MailSink b = MailSink.start(SinkConfig.named("b").keeping(), arrivals)) {
      String config =
          Files.writeString(
                  folder.resolve("tandem.yaml"),
                  """
                  kafka: { embedded: { port: %d, data-dir: %s }, partitions: 2 }
                  ingest: { http: { port: %d } }
                  console: { port: 0 }
                  servers:
                    a: { host: 127.0.0.1, port: %d, tls: none }
                    b: { host: 127.0.0.1, port: %d, tls: none }
                  routes:
                    default:
                      primary: a
                      secondary: b
                      dkim:
                        - { domain: example.com, selector: r1, key-file: %s }
                        - { domain: example.com, selector: e1, key-file: %s }
                  """
                      .formatted(
                          Submissions.freePort(),
                          folder.resolve("tandem-data"),
                          httpPort,
                          a.port(),
                          b.port(),
                          key("RSA", 2048),
                          key("Ed25519", 255)))
              .toString();
      List<String> ids = new ArrayList<>();
      try (TandemProcess process =
          TandemProcess.tandem(folder, "standalone", "standalone", "--config", config)
              .awaitOutput("tandem is ready", Duration.ofSeconds(90))) {
        for (int i = 0; i < 20; i++) {
          ids.add("dkim-" + i);
          assertThat(Submissions.post("http://127.0.0.1:" + httpPort, "dkim-" + i)).isEqualTo(202);
        }
        arrivals.awaitAll(ids, Duration.ofSeconds(60));
      }
      assertThat(a.received())
          .hasSize(20)
          .allSatisfy(message ->
              assertThat(new String(message.content(), StandardCharsets.UTF_8))
                  .startsWith("DKIM-Signature: v=1; a=rsa-sha256; ")
                  .containsOnlyOnce("\r\nDKIM-Signature: v=1; a=ed25519-sha256; "));
      verifyByOthers(config, a.received().getFirst().content());
    }
  }

  private void verifyByOthers(String config, byte[] message) throws Exception {
    Path python = Path.of("/usr/bin/python3");
    boolean here =
        Files.isExecutable(python)
            && new ProcessBuilder(python.toString(), "-c", "import dkim, nacl").start().waitFor()
                == 0;
    if (!here) {
      System.out.println(
          "DkimIT did not verify: python3-dkim is not here (apt-get install python3-dkim)");
      return;
    }
    Process verifier =
        new ProcessBuilder(python.toString(), "-c", VERIFY, records(config))
            .redirectErrorStream(true)
            .start();
    try (OutputStream in = verifier.getOutputStream()) {
      in.write(message);
    }
    assertThat(new String(verifier.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip())
        .isEqualTo("True True");
  }

  private String records(String config) throws Exception {
    try (TandemProcess command =
        TandemProcess.tandem(folder, "record", "dkim", "record", "--config", config)) {
      assertThat(command.exitCode(Duration.ofSeconds(60))).isZero();
      return command
          .output()
          .lines()
          .filter(line -> line.contains(" IN TXT "))
          .collect(Collectors.joining("\n"));
    }
  }

  private Path key(String algorithm, int bits) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    generator.initialize(bits);
    String base64 =
        Base64.getMimeEncoder()
            .encodeToString(generator.generateKeyPair().getPrivate().getEncoded());
    return Files.writeString(
        folder.resolve(algorithm + ".pem"),
        "-----BEGIN PRIVATE KEY-----\n" + base64 + "\n-----END PRIVATE KEY-----\n");
  }
}
