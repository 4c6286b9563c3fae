package io.tandemmail.smtp.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.model.settings.ServerSettings;
import io.tandemmail.model.settings.ServerSettings.Tls;
import io.tandemmail.sink.Behaviour;
import io.tandemmail.sink.MailSink;
import io.tandemmail.sink.SinkConfig;
import io.tandemmail.sink.SinkConfig.Extension;
import io.tandemmail.smtp.ConnectResult;
import io.tandemmail.smtp.Fault;
import io.tandemmail.smtp.Phase;
import io.tandemmail.smtp.RecipientResult;
import io.tandemmail.smtp.ServerEndpoint;
import io.tandemmail.smtp.SmtpSession;
import io.tandemmail.smtp.TestServers;
import io.tandemmail.smtp.TransactionResult;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The engine against a server that does as it is told, with and without pipelining. */
class SmtpDialogueTest {
  private static final String CONTENT = "Subject: x\r\n\r\n.leading dot\r\n..two\r\n.\r\nend\r\n";
  private final PipeliningSmtpTransport transport = new PipeliningSmtpTransport();
  private MailSink sink;

  @BeforeEach
  void start() throws IOException {
    sink = MailSink.start(SinkConfig.named("test").keeping().without(Extension.CHUNKING));
  }

  @AfterEach
  void stop() {
    sink.close();
  }

  @Test
  void contentArrivesAsItWasWithItsDots() {
    assertThat(verdicts(deliver("ann@example.net"))).containsExactly(Kind.DELIVERED);
    assertThat(new String(sink.received().getFirst().content(), StandardCharsets.UTF_8))
        .isEqualTo(CONTENT);
  }

  @Test
  void aThousandMessagesOnOneConnectionArriveInOrder() {
    try (SmtpSession session = connect()) {
      for (int i = 0; i < 1000; i++) {
        session.deliver(TestServers.mail("From: x\r\n\r\n" + i, "ann@example.net"), () -> true);
      }
    }
    assertThat(sink.counts().connections()).isEqualTo(1);
    assertThat(sink.received()).hasSize(1000);
    assertThat(new String(sink.received().get(999).content(), StandardCharsets.UTF_8))
        .isEqualTo("From: x\r\n\r\n999\r\n");
  }

  @ParameterizedTest
  @CsvSource({
    "450-rcpt, RCPT, DEFERRED", "550-rcpt, RCPT, BOUNCED", "421-rcpt, RCPT, DEFERRED",
        "452-rcpt, RCPT, DEFERRED",
    "451-data, DATA, DEFERRED", "554-data, DATA, BOUNCED", "451-dot, FINAL_DOT, DEFERRED",
        "552-dot, FINAL_DOT, BOUNCED",
    "421-dot, FINAL_DOT, DEFERRED"
  })
  void aRefusalIsReportedAtItsStage(String localPart, Phase phase, Kind verdict) {
    TransactionResult result = deliver(localPart + "@example.net");

    assertThat(result.recipients().getFirst())
        .isInstanceOfSatisfying(
            RecipientResult.Answered.class, a -> assertThat(a.phase()).isEqualTo(phase));
    assertThat(verdicts(result)).containsExactly(verdict);
    assertThat(sink.received()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"close-rcpt", "close-data"})
  void aConnectionThatBreaksBeforeTheDotHandsNothingOver(String localPart) {
    TransactionResult result = deliver(localPart + "@example.net");

    assertThat(result.recipients().getFirst()).isInstanceOf(RecipientResult.Faulted.class);
    assertThat(result.fault()).isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"close-dot", "close-after-dot", "silent-dot"})
  void noReplyAfterTheDotIsInDoubtWhetherTheServerTookItOrNot(String localPart) {
    assertThat(deliver(localPart + "@example.net").recipients().getFirst())
        .isInstanceOf(RecipientResult.InDoubt.class);
  }

  @Test
  void eachRecipientHasItsOwnResult() {
    TransactionResult result =
        deliver(
            "ann@example.net", "550-rcpt@example.net", "450-rcpt@example.net", "bob@example.net");

    assertThat(verdicts(result))
        .containsExactly(Kind.DELIVERED, Kind.BOUNCED, Kind.DEFERRED, Kind.DELIVERED);
    assertThat(sink.received().getFirst().recipients())
        .containsExactly("ann@example.net", "bob@example.net");
  }

  @Test
  void theConnectionGoesOnAfterARefusedTransaction() {
    try (SmtpSession session = connect()) {
      assertThat(
              verdicts(
                  session.deliver(TestServers.mail(CONTENT, "550-rcpt@example.net"), () -> true)))
          .containsExactly(Kind.BOUNCED);
      assertThat(
              verdicts(
                  session.deliver(TestServers.mail(CONTENT, "554-data@example.net"), () -> true)))
          .containsExactly(Kind.BOUNCED);
      assertThat(
              verdicts(session.deliver(TestServers.mail(CONTENT, "ann@example.net"), () -> true)))
          .containsExactly(Kind.DELIVERED);
    }
    assertThat(sink.counts().connections()).isEqualTo(1);
  }

  @Test
  void inLockStepTheResultsAreTheSame() throws IOException {
    sink.close();
    sink =
        MailSink.start(
            SinkConfig.named("old")
                .keeping()
                .without(Extension.CHUNKING)
                .without(Extension.PIPELINING));

    TransactionResult result = deliver("ann@example.net", "550-rcpt@example.net");
    assertThat(verdicts(result)).containsExactly(Kind.DELIVERED, Kind.BOUNCED);
    assertThat(verdicts(deliver("550-rcpt@example.net"))).containsExactly(Kind.BOUNCED);
  }

  @Test
  void whoseOwnershipIsNotFreshSendsNoMailAndNoDot() {
    try (SmtpSession session = connect()) {
      assertThat(
              verdicts(session.deliver(TestServers.mail(CONTENT, "ann@example.net"), () -> false)))
          .containsExactly(Kind.NOT_TRIED);
      AtomicInteger asked = new AtomicInteger();
      assertThat(
              verdicts(
                  session.deliver(
                      TestServers.mail(CONTENT, "ann@example.net"),
                      () -> asked.getAndIncrement() == 0)))
          .containsExactly(Kind.NOT_TRIED);
    }
    assertThat(sink.received()).isEmpty();
  }

  @Test
  void aReusedConnectionThatTheServerClosedIsNoAttempt() throws IOException {
    try (SmtpSession session = connect()) {
      session.deliver(TestServers.mail(CONTENT, "ann@example.net"), () -> true);
      sink.stop();

      assertThat(
              session.deliver(TestServers.mail(CONTENT, "ann@example.net"), () -> true).attempted())
          .isFalse();
      assertThat(session.usable()).isFalse();
    }
  }

  @Test
  void aRefusedConnectionAndASilentServerAreFaultsWithTheirPhase() throws IOException {
    int port = sink.port();
    sink.stop();
    assertThat(transport.connect(endpoint(port)))
        .isInstanceOfSatisfying(
            ConnectResult.Unreachable.class,
            u -> assertThat(u.fault().kind()).isEqualTo(Fault.Kind.REFUSED));
    try (ServerSocket silent = new ServerSocket(0)) {
      assertThat(transport.connect(endpoint(silent.getLocalPort())))
          .isInstanceOfSatisfying(
              ConnectResult.Unreachable.class,
              u ->
                  assertThat(u.fault())
                      .extracting(Fault::kind, Fault::phase)
                      .containsExactly(Fault.Kind.REPLY_TIMEOUT, Phase.GREETING));
    }
  }

  @Test
  void aServerThatSaysNoAtTheGreetingIsRefusedNotBroken() {
    sink.behave(Behaviour.parse("421-greeting").orElseThrow());

    assertThat(transport.connect(endpoint(sink.port())))
        .isInstanceOfSatisfying(
            ConnectResult.Refused.class, r -> assertThat(r.phase()).isEqualTo(Phase.GREETING));
  }

  @Test
  void requiredTlsIsNotDoneWithout() {
    ServerSettings server = TestServers.settings(sink.port(), Tls.REQUIRED);

    assertThat(transport.connect(ServerEndpoint.of(server, "localhost")))
        .isInstanceOfSatisfying(
            ConnectResult.Unreachable.class,
            u -> assertThat(u.fault().kind()).isEqualTo(Fault.Kind.TLS));
  }

  private TransactionResult deliver(String... recipients) {
    try (SmtpSession session = connect()) {
      return session.deliver(TestServers.mail(CONTENT, recipients), () -> true);
    }
  }

  private SmtpSession connect() {
    return ((ConnectResult.Connected) transport.connect(endpoint(sink.port()))).session();
  }

  private static List<Kind> verdicts(TransactionResult result) {
    return result.recipients().stream().map(SmtpDialogueTest::kind).toList();
  }

  /** By the first digit alone; what it means for the mail is not the engine's business. */
  private enum Kind {
    DELIVERED,
    DEFERRED,
    BOUNCED,
    NOT_TRIED
  }

  private static Kind kind(RecipientResult result) {
    return switch (result) {
      case RecipientResult.Answered answered ->
          answered.reply().positive()
              ? Kind.DELIVERED
              : answered.reply().transientNegative() ? Kind.DEFERRED : Kind.BOUNCED;
      case RecipientResult.Faulted faulted -> {
        assertThat(faulted.fault().kind()).isEqualTo(Fault.Kind.NOT_FRESH);
        yield Kind.NOT_TRIED;
      }
      case RecipientResult.InDoubt inDoubt -> throw new AssertionError(inDoubt);
    };
  }

  private static ServerEndpoint endpoint(int port) {
    return TestServers.endpoint(port, Duration.ofMillis(400));
  }
}
