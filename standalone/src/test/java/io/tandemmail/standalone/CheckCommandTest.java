package io.tandemmail.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tandemmail.model.json.Json;
import io.tandemmail.parity.DnsTestServer;
import io.tandemmail.sink.MailSink;
import io.tandemmail.sink.SinkConfig;
import io.tandemmail.sink.SinkConfig.Extension;
import io.tandemmail.smtp.server.Credentials;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class CheckCommandTest {
  /** The key of RFC 8463 appendix A.2, as PKCS#8, and what publishes it. */
  private static final String KEY =
      """
      -----BEGIN PRIVATE KEY-----
      MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g
      -----END PRIVATE KEY-----
      """;

  private static final String RECORD =
      "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";

  private static final Credentials LOGIN = new Credentials("ann", "secret");

  @TempDir Path folder;
  private final InProcess tandem = new InProcess();
  private DnsTestServer dns;
  private MailSink primary;
  private MailSink secondary;

  @BeforeEach
  void start() throws IOException {
    dns = DnsTestServer.start();
    dns.withText("s1._domainkey.example.com", RECORD);
    dns.withText("example.com", "v=spf1 ip4:192.0.2.0/28 -all");
    primary = MailSink.start(SinkConfig.named("a").requiring(LOGIN));
    secondary = MailSink.start(SinkConfig.named("b").requiring(LOGIN));
  }

  @AfterEach
  void stop() {
    primary.close();
    secondary.close();
    dns.close();
  }

  @Test
  void aRouteInOrderIsShownAndTheAnswerIsYes() throws IOException {
    assertThat(tandem.run("check", "--config", config("secret"))).as(tandem.out()).isZero();
    assertThat(tandem.out())
        .contains("parity advised")
        .containsPattern("\na +- +- +accepted +52428800 +8BITMIME AUTH CHUNKING DSN ")
        .containsPattern("\nb +- +- +accepted +52428800 ")
        .containsPattern("dns +default +s1._domainkey.example.com is published")
        .containsPattern("SPF of example.com for b \\(192.0.2.2\\): pass \\(ip4:192.0.2.0/28 of ")
        .contains(": 0 problem(s)")
        .doesNotContain("secret");
  }

  @Test
  void everythingWrongIsFoundAtOnceWithItsReason() throws IOException {
    secondary.close();
    secondary =
        MailSink.start(
            SinkConfig.named("b").requiring(LOGIN).without(Extension.SMTPUTF8).takingAtMost(1_000));
    dns.without("s1._domainkey.example.com");

    assertThat(tandem.run("check", "--config", config("wrong"))).isOne();
    assertThat(tandem.out())
        .contains("PROBLEM routes.default: server b: login: the login was refused: 535")
        .contains("PROBLEM routes.default: server b: capability: offers no SMTPUTF8, a does")
        .contains("PROBLEM routes.default: server b: size: takes messages of up to 1000 bytes")
        .contains("PROBLEM routes.default: dkim: there is no key record s1._domainkey.example.com")
        .contains(": 4 problem(s)")
        .doesNotContain("wrong\n");
  }

  @Test
  void machinesGetTheSameAsJson() throws IOException {
    secondary.stop();

    assertThat(tandem.run("check", "--json", "--config", config("secret"))).isOne();
    JsonNode json = Json.tree(tandem.out().getBytes(StandardCharsets.UTF_8)).orElseThrow();
    assertThat(json.path("servers").path(0).path("login").asText()).isEqualTo("accepted");
    assertThat(json.path("servers").path(1).path("trouble").asText()).startsWith("connect: ");
    JsonNode finding = json.path("routes").path(0).path("findings").path(0);
    assertThat(finding.path("server").asText()).isEqualTo("b");
    assertThat(finding.path("subject").asText()).isEqualTo("reach");
    assertThat(finding.path("grade").asText()).isEqualTo("problem");
    assertThat(json.path("routes").path(0).path("spf").path(1).path("verdict").asText())
        .isEqualTo("pass");
    assertThat(json.path("problems")).hasSize(1);
  }

  @Test
  void offlineAsksNobody() throws IOException {
    assertThat(tandem.run("check", "--offline", "--config", config("wrong"))).isZero();
    assertThat(primary.counts().connections() + secondary.counts().connections()).isZero();
    assertThat(tandem.out()).contains("brokers and topics not asked: --offline");
  }

  private String config(String passwordOfB) throws IOException {
    String yaml =
        """
        kafka: { embedded: { port: 0, data-dir: %s } }
        dns: { servers: "127.0.0.1:%d", timeout: 2s }
        servers:
          a: { host: 127.0.0.1, port: %d, tls: none, username: ann, password-file: %s, egress-addresses: 192.0.2.1 }
          b: { host: 127.0.0.1, port: %d, tls: none, username: ann, password-file: %s, egress-addresses: 192.0.2.2 }
        routes:
          default: { primary: a, secondary: b, dkim: [{ domain: example.com, selector: s1, key-file: %s }] }
        """
            .formatted(
                folder.resolve("data"),
                dns.port(),
                primary.port(),
                Files.writeString(folder.resolve("a.pw"), "secret"),
                secondary.port(),
                Files.writeString(folder.resolve("b.pw"), passwordOfB),
                Files.writeString(folder.resolve("key.pem"), KEY));
    return Files.writeString(folder.resolve("tandem.yaml"), yaml).toString();
  }
}
