package io.tandemmail.smtp.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.model.settings.ServerSettings;
import io.tandemmail.model.settings.ServerSettings.ClientIdentity;
import io.tandemmail.model.settings.ServerSettings.Limits;
import io.tandemmail.model.settings.ServerSettings.Security;
import io.tandemmail.model.settings.ServerSettings.Timing;
import io.tandemmail.model.settings.ServerSettings.Tls;
import io.tandemmail.sink.MailSink;
import io.tandemmail.sink.SinkConfig;
import io.tandemmail.sink.SinkConfig.Extension;
import io.tandemmail.smtp.Phase;
import io.tandemmail.smtp.ServerEndpoint;
import io.tandemmail.smtp.Survey;
import io.tandemmail.smtp.Survey.Login;
import io.tandemmail.smtp.server.Credentials;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ServerSurveyTest {
  private static final Credentials LOGIN = new Credentials("ann", "secret");

  @TempDir static Path folder;
  private static TestCertificates certificates;
  private static Path good;
  private static Path expired;

  private final ServerSurvey surveyor = new ServerSurvey();
  private final AtomicInteger passwordsRead = new AtomicInteger();

  @BeforeAll
  static void make() throws Exception {
    certificates = TestCertificates.in(folder);
    good = certificates.keyStore("good", "ip:127.0.0.1", "-validity 10");
    expired = certificates.keyStore("expired", "ip:127.0.0.1", "-startdate -30d -validity 1");
  }

  @AfterEach
  void close() {
    surveyor.close();
  }

  @Test
  void aGoodServerIsSeenWhole() throws Exception {
    try (MailSink sink = MailSink.start(secured(good).requiring(LOGIN).takingAtMost(1_000_000))) {
      Survey survey = surveyor.survey(endpoint(sink.port(), Tls.REQUIRED, "secret"));

      assertThat(survey.end()).isEmpty();
      assertThat(survey.addresses()).containsExactly("127.0.0.1");
      assertThat(survey.startTls()).isTrue();
      assertThat(survey.login()).isInstanceOf(Login.Accepted.class);
      assertThat(survey.offered().orElseThrow().keywords())
          .contains("8BITMIME", "SMTPUTF8", "DSN", "AUTH")
          .doesNotContain("STARTTLS");
      assertThat(survey.offered().orElseThrow().contentBytesMax()).isEqualTo(1_000_000);
      Survey.PeerTls tls = survey.tls().orElseThrow();
      assertThat(tls.protocol()).isEqualTo("TLSv1.3");
      assertThat(tls.distrust()).isEmpty();
      assertThat(tls.certificate().getSubjectX500Principal().getName()).isEqualTo("CN=good");
    }
  }

  @Test
  void aRefusedPasswordIsAnAnswer() throws Exception {
    try (MailSink sink = MailSink.start(secured(good).requiring(LOGIN))) {
      Survey survey = surveyor.survey(endpoint(sink.port(), Tls.REQUIRED, "wrong"));

      assertThat(survey.end()).isEmpty();
      assertThat(survey.offered()).isPresent();
      assertThat(survey.login())
          .isInstanceOfSatisfying(
              Login.Refused.class, refused -> assertThat(refused.reply().code()).isEqualTo(535));
    }
  }

  @Test
  void anExpiredCertificateGetsNoPasswordAndTheRestIsSeen() throws Exception {
    try (MailSink sink = MailSink.start(secured(expired).requiring(LOGIN))) {
      Survey survey = surveyor.survey(endpoint(sink.port(), Tls.REQUIRED, "wrong"));

      assertThat(survey.end()).isEmpty();
      assertThat(survey.tls().orElseThrow().distrust()).isPresent();
      assertThat(survey.login()).as("nor a refusal").isInstanceOf(Login.Withheld.class);
      assertThat(survey.offered().orElseThrow().offers("AUTH")).isTrue();
    }
  }

  @Test
  void aServerWithoutStartTlsIsSeenAndGetsNoPassword() throws Exception {
    SinkConfig plain = SinkConfig.named("plain").without(Extension.SMTPUTF8).requiring(LOGIN);
    try (MailSink sink = MailSink.start(plain)) {
      Survey survey = surveyor.survey(endpoint(sink.port(), Tls.REQUIRED, "secret"));

      assertThat(survey.startTls()).isFalse();
      assertThat(survey.offered().orElseThrow().offers("SMTPUTF8")).isFalse();
      assertThat(survey.login()).isInstanceOf(Login.NotTried.class);
      assertThat(survey.end()).isEmpty();
    }
  }

  @Test
  void aServerThatIsNotThereIsAnEndAndNoException() throws Exception {
    int port;
    try (MailSink sink = MailSink.start(SinkConfig.named("gone"))) {
      port = sink.port();
    }
    Survey survey = surveyor.survey(endpoint(port, Tls.NONE, "secret"));

    assertThat(survey.offered()).isEmpty();
    assertThat(survey.end().orElseThrow().phase()).isEqualTo(Phase.CONNECT);
    assertThat(passwordsRead).as("read for nobody").hasValue(0);
  }

  private static SinkConfig secured(Path keyStore) throws Exception {
    return SinkConfig.named("tls").withTls(keyStore, TestCertificates.PASSWORD);
  }

  private ServerEndpoint endpoint(int port, Tls tls, String password) {
    ServerSettings server =
        new ServerSettings(
            "test",
            "127.0.0.1",
            port,
            new Security(tls, Optional.empty(), Optional.of(certificates.trustStore()), false),
            Limits.DEFAULT,
            Timing.DEFAULT,
            ClientIdentity.DEFAULT);
    return ServerEndpoint.of(server, "localhost")
        .within(Duration.ofSeconds(5))
        .withLogin(() -> login(password));
  }

  private io.tandemmail.smtp.protocol.Login login(String password) throws IOException {
    passwordsRead.incrementAndGet();
    return new io.tandemmail.smtp.protocol.Login("ann", password, Optional.empty());
  }
}
