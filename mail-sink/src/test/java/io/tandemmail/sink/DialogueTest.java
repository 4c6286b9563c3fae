package io.tandemmail.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.sink.SinkConfig.Extension;
import io.tandemmail.smtp.server.Credentials;
import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What the sink says when nobody asked it to misbehave. */
class DialogueTest {
  @TempDir Path folder;

  @Test
  void everythingIsOffered() throws IOException {
    try (MailSink sink = MailSink.start(SinkConfig.named("s"));
        ScriptedClient client = ScriptedClient.greeted(sink)) {
      assertThat(client.ask("EHLO x"))
          .isEqualTo(
              "250-s|250-PIPELINING|250-8BITMIME|250-SIZE 52428800|250-SMTPUTF8|250-ENHANCEDSTATUSCODES|250-DSN|250 CHUNKING");
      assertThat(client.ask("HELO x")).isEqualTo("250 s");
    }
  }

  @ParameterizedTest
  @EnumSource
  void eachExtensionCanBeSwitchedOff(Extension extension) throws IOException {
    try (MailSink sink = MailSink.start(SinkConfig.named("s").without(extension));
        ScriptedClient client = ScriptedClient.greeted(sink)) {
      assertThat(client.ask("EHLO x")).doesNotContain(extension.keyword());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "SIZE, SIZE=10",
    "EIGHT_BIT_MIME, BODY=8BITMIME",
    "SMTPUTF8, SMTPUTF8",
    "DSN, RET=HDRS"
  })
  void aParameterIsTakenOnlyWhereItWasOffered(Extension extension, String parameter)
      throws IOException {
    String command = "MAIL FROM:<a@example.com> " + parameter;
    try (MailSink with = MailSink.start(SinkConfig.named("s"));
        ScriptedClient client = ScriptedClient.greeted(with)) {
      assertThat(client.ask(command)).startsWith("250");
    }
    try (MailSink without = MailSink.start(SinkConfig.named("s").without(extension));
        ScriptedClient client = ScriptedClient.greeted(without)) {
      assertThat(client.ask(command)).startsWith("555");
    }
  }

  @Test
  void withoutEnhancedStatusCodesThereAreNone() throws IOException {
    try (MailSink sink =
            MailSink.start(SinkConfig.named("s").without(Extension.ENHANCED_STATUS_CODES));
        ScriptedClient client = ScriptedClient.greeted(sink)) {
      assertThat(client.ask("NOOP")).isEqualTo("250 ok");
      assertThat(client.mail("550-rcpt@example.net")).isEqualTo("550 as asked");
    }
  }

  @Test
  void contentOverTheSizeIsRefusedAnnouncedOrNot() throws IOException {
    try (MailSink sink = MailSink.start(SinkConfig.named("s").takingAtMost(20));
        ScriptedClient client = ScriptedClient.greeted(sink)) {
      assertThat(client.ask("MAIL FROM:<a@example.com> SIZE=21")).startsWith("552");
      assertThat(client.mail("ann@example.net")).startsWith("552");
      assertThat(client.ask("NOOP")).startsWith("250");
      assertThat(sink.counts().accepted()).isZero();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "RCPT TO:<a@example.net> | 503",
        "DATA | 503",
        "MAIL a@example.com | 501",
        "WHAT | 500",
        "MAIL FROM:<a@example.com> BODY=BINARYMIME | 501",
        "MAIL FROM:<a@example.com> SIZE=x | 501",
        "MAIL FROM:<a@example.com> SMTPUTF8=yes | 501",
        "MAIL FROM:<a@example.com> NOTIFY=NEVER | 555",
        "VRFY ann | 252",
        "RSET | 250",
        "STARTTLS | 502",
        "AUTH PLAIN | 502",
        "QUIT | 221"
      })
  void aCommandOutOfPlaceIsToldSo(String command, String code) throws IOException {
    try (MailSink sink = MailSink.start(SinkConfig.named("s"));
        ScriptedClient client = ScriptedClient.greeted(sink)) {
      assertThat(client.ask(command)).startsWith(code);
    }
  }

  @Test
  void aSecondMailAndAMessageWithoutRecipientsAreRefused() throws IOException {
    try (MailSink sink = MailSink.start(SinkConfig.named("s"));
        ScriptedClient client = ScriptedClient.greeted(sink)) {
      client.ask("MAIL FROM:<>");
      assertThat(client.ask("MAIL FROM:<>")).startsWith("503");
      assertThat(client.ask("RCPT TO:<>")).startsWith("501");
      assertThat(client.ask("DATA")).startsWith("554");
    }
  }

  @Test
  void withALoginThereIsNoMailBeforeIt() throws IOException {
    try (MailSink sink =
            MailSink.start(SinkConfig.named("s").requiring(new Credentials("ann", "secret")));
        ScriptedClient client = ScriptedClient.greeted(sink)) {
      assertThat(client.ask("EHLO x")).endsWith("AUTH PLAIN LOGIN CRAM-MD5 XOAUTH2");
      assertThat(client.mail("bob@example.net")).startsWith("530");
      assertThat(client.ask("AUTH PLAIN " + base64("\0ann\0wrong"))).startsWith("535");
      assertThat(client.ask("AUTH PLAIN")).isEqualTo("334 ");
      assertThat(client.ask(base64("\0ann\0secret"))).startsWith("235");
      assertThat(client.mail("bob@example.net")).startsWith("250");
    }
  }

  @Test
  void loginAsksForUserAndPassword() throws IOException {
    try (MailSink sink =
            MailSink.start(SinkConfig.named("s").requiring(new Credentials("ann", "secret")));
        ScriptedClient client = ScriptedClient.greeted(sink)) {
      assertThat(client.ask("AUTH LOGIN")).isEqualTo("334 " + base64("Username:"));
      assertThat(client.ask(base64("ann"))).isEqualTo("334 " + base64("Password:"));
      assertThat(client.ask(base64("secret"))).startsWith("235");
    }
  }

  @Test
  void afterStartTlsTheDialogueBeginsAnewAndWhatWasSentInClearIsForgotten() throws Exception {
    Path keyStore = keyStore();
    try (MailSink sink =
            MailSink.start(SinkConfig.named("s").keeping().withTls(keyStore, "changeit"));
        ScriptedClient client = ScriptedClient.greeted(sink)) {
      assertThat(client.ask("EHLO x")).contains("STARTTLS");
      client.send(
          "MAIL FROM:<early@example.com>\r\nSTARTTLS\r\nRCPT TO:<injected@example.net>\r\n");
      assertThat(client.reply()).startsWith("250");
      assertThat(client.reply()).startsWith("220");
      client.startTls(trusting(keyStore));

      assertThat(client.ask("EHLO x")).doesNotContain("STARTTLS");
      assertThat(client.ask("STARTTLS")).startsWith("503");
      assertThat(client.mail("ann@example.net")).startsWith("250");
      assertThat(sink.received())
          .singleElement()
          .extracting(ReceivedMessage::reversePath)
          .isEqualTo("shop@example.com");
    }
  }

  private Path keyStore() throws Exception {
    Path file = folder.resolve("sink.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-alias",
                "sink",
                "-dname",
                "CN=localhost",
                "-storepass",
                "changeit",
                "-keystore",
                file.toString())
            .redirectErrorStream(true)
            .start();
    assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(keytool.exitValue()).isZero();
    return file;
  }

  private static SSLContext trusting(Path keyStore) throws Exception {
    KeyStore own = KeyStore.getInstance(keyStore.toFile(), "changeit".toCharArray());
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    trusted.setCertificateEntry("sink", (X509Certificate) own.getCertificate("sink"));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  private static String base64(String text) {
    return Base64.getEncoder()
        .encodeToString(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }
}
