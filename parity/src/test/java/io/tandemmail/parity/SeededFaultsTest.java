package io.tandemmail.parity;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.model.parity.ParityFinding;
import io.tandemmail.model.parity.ParityFinding.Subject;
import io.tandemmail.model.settings.Settings;
import io.tandemmail.model.settings.SettingsReader;
import io.tandemmail.model.settings.SettingsResult;
import io.tandemmail.sink.MailSink;
import io.tandemmail.sink.SinkConfig;
import io.tandemmail.sink.SinkConfig.Extension;
import io.tandemmail.smtp.engine.TestCertificates;
import io.tandemmail.smtp.server.Credentials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two servers, a name server, one thing wrong: real sockets, and that one thing is what is found. */
@Timeout(60)
class SeededFaultsTest {
  private static final String KEY = "v=DKIM1; k=rsa; p=" + "Q".repeat(392);
  private static final String RECORD = "s1._domainkey.example.com";

  @TempDir static Path folder;
  private static TestCertificates certificates;
  private static Path good;

  private DnsTestServer dns;
  private MailSink primary;
  private MailSink secondary;
  private String passwordOfSecondary = "secret";
  private String tlsOfSecondary = "required";

  @BeforeAll
  static void make() throws Exception {
    certificates = TestCertificates.in(folder);
    good = certificates.keyStore("good", "ip:127.0.0.1", "-validity 90");
  }

  @BeforeEach
  void start() throws Exception {
    dns =
        DnsTestServer.start()
            .withText(RECORD, KEY)
            .withText("example.com", "v=spf1 ip4:192.0.2.1 include:relay.example.net -all")
            .withText("relay.example.net", "v=spf1 a:out.example.net ~all")
            .with("out.example.net", "A", "198.51.100.7");
    primary = MailSink.start(server("primary"));
    secondary = MailSink.start(server("secondary"));
  }

  @AfterEach
  void stop() {
    primary.close();
    secondary.close();
    dns.close();
  }

  @Test
  void withoutAFaultThereIsNothingToFind() throws IOException {
    RouteParity parity = check();

    assertThat(parity.findings()).isEmpty();
    assertThat(parity.servers()).containsOnlyKeys("a", "b");
    assertThat(primary.counts().transactions() + secondary.counts().transactions()).isZero();
  }

  @Test
  void aWrongPasswordOfTheSecondary() throws IOException {
    passwordOfSecondary = "wrong";

    found(Subject.LOGIN, "b", "the login was refused: 535");
  }

  @Test
  void anExpiredCertificate() throws Exception {
    replaceSecondary(
        tls(certificates.keyStore("expired", "ip:127.0.0.1", "-startdate -30d -validity 1")));

    found(Subject.CERTIFICATE, "b", "the certificate expired at 20");
  }

  @Test
  void aCertificateOfAnotherName() throws Exception {
    replaceSecondary(tls(certificates.keyStore("other", "dns:mx.example.org", "-validity 90")));

    found(Subject.CERTIFICATE, "b", "is not valid for 127.0.0.1 but for mx.example.org");
  }

  @Test
  void aCertificateOfAStrangersAuthority() throws Exception {
    Path elsewhere = Files.createDirectory(folder.resolve("stranger"));
    Path theirs = TestCertificates.in(elsewhere).keyStore("theirs", "ip:127.0.0.1", "-validity 90");
    replaceSecondary(tls(theirs));

    found(Subject.CERTIFICATE, "b", "the certificate is not trusted: ");
  }

  @Test
  void aMissingKeyRecord() throws IOException {
    dns.without(RECORD);

    found(Subject.DKIM, "", "there is no key record " + RECORD);
  }

  @Test
  void aKeyRecordWithAnotherKey() throws IOException {
    dns.without(RECORD);
    dns.withText(RECORD, KEY.replace('Q', 'R'));

    found(Subject.DKIM, "", RECORD + " publishes another key");
  }

  @Test
  void anSpfRecordThatCoversOnlyThePrimary() throws IOException {
    dns.without("example.com");
    dns.withText("example.com", "v=spf1 ip4:192.0.2.1 -all");

    found(Subject.SPF, "b", "SPF of example.com does not cover 198.51.100.7: fail (-all of ");
  }

  @Test
  void aSmallerSize() throws Exception {
    replaceSecondary(tls(good).takingAtMost(1_000_000));

    found(Subject.SIZE, "b", "takes messages of up to 1000000 bytes, a of up to 52428800 bytes");
  }

  @Test
  void noSmtpUtf8() throws Exception {
    replaceSecondary(tls(good).without(Extension.SMTPUTF8));

    found(Subject.CAPABILITY, "b", "offers no SMTPUTF8, a does");
  }

  @Test
  void noStartTlsOnOne() throws Exception {
    replaceSecondary(SinkConfig.named("secondary").requiring(login()));

    found(Subject.STARTTLS, "b", "offers no STARTTLS, and tls: required sends nothing without");
  }

  @Test
  void aWeakerPolicyOfTheSecondary() throws IOException {
    tlsOfSecondary = "opportunistic";

    found(Subject.TLS_POLICY, "b", "has tls: opportunistic, a has tls: required");
  }

  @Test
  void aServerThatIsNotThereIsAFindingBesideTheOthers() throws IOException {
    secondary.stop();
    dns.without(RECORD);

    assertThat(check().problems())
        .extracting(ParityFinding::subject)
        .containsExactly(Subject.REACH, Subject.DKIM);
  }

  @Test
  void allFaultsAreFoundAtOnce() throws Exception {
    replaceSecondary(
        tls(certificates.keyStore("both", "dns:mx.example.org", "-startdate -30d -validity 1"))
            .takingAtMost(1_000)
            .without(Extension.EIGHT_BIT_MIME));
    dns.without(RECORD);
    dns.breaks("example.com");

    assertThat(check().problems())
        .extracting(ParityFinding::subject)
        .containsExactly(
            Subject.CERTIFICATE,
            Subject.CERTIFICATE,
            Subject.CAPABILITY,
            Subject.SIZE,
            Subject.DNS,
            Subject.DKIM);
  }

  private void found(Subject subject, String server, String what) throws IOException {
    assertThat(check().problems())
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.subject()).isEqualTo(subject);
          assertThat(finding.server()).isEqualTo(server);
          assertThat(finding.what()).contains(what);
          assertThat(finding.remedy()).isNotEmpty();
        });
  }

  private RouteParity check() throws IOException {
    try (ParityCheck check = new ParityCheck(settings(), "localhost", Map.of(RECORD, KEY))) {
      return check.route("default");
    }
  }

  private void replaceSecondary(SinkConfig config) throws IOException {
    secondary.close();
    secondary = MailSink.start(config);
  }

  private static SinkConfig server(String name) throws Exception {
    return tls(good).renamed(name);
  }

  private static SinkConfig tls(Path keyStore) throws Exception {
    return SinkConfig.named("secondary")
        .withTls(keyStore, TestCertificates.PASSWORD)
        .requiring(login());
  }

  private static Credentials login() {
    return new Credentials("ann", "secret");
  }

  private Settings settings() throws IOException {
    String server = "host: 127.0.0.1, username: ann, trust-store: " + certificates.trustStore();
    String yaml =
        """
        dns: { servers: "127.0.0.1:%d", timeout: 2s }
        servers:
          a: { %2$s, port: %3$d, tls: required, password-file: %4$s, egress-addresses: 192.0.2.1 }
          b: { %2$s, port: %5$d, tls: %6$s, password-file: %7$s, egress-addresses: 198.51.100.7 }
        routes:
          default: { primary: a, secondary: b, dkim: [{ domain: example.com, selector: s1, key-file: x }] }
        """
            .formatted(
                dns.port(),
                server,
                primary.port(),
                Files.writeString(folder.resolve("a.secret"), "secret"),
                secondary.port(),
                tlsOfSecondary,
                Files.writeString(folder.resolve("b.secret"), passwordOfSecondary + "\n"));
    return switch (SettingsReader.read("t.yaml", yaml, Map.of())) {
      case SettingsResult.Valid valid -> valid.settings();
      case SettingsResult.Invalid invalid -> throw new AssertionError(List.of(invalid.problems()));
    };
  }
}
