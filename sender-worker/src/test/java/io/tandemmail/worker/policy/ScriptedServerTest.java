package io.tandemmail.worker.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.tandemmail.model.outcome.Outcome;
import io.tandemmail.model.outcome.Outcome.LanePosition;
import io.tandemmail.model.outcome.OutcomeCategory;
import io.tandemmail.model.outcome.OutcomeType;
import io.tandemmail.model.settings.RouteSettings;
import io.tandemmail.model.settings.RouteSettings.Retry;
import io.tandemmail.model.settings.ServerSettings;
import io.tandemmail.model.submission.ContentType;
import io.tandemmail.model.submission.Envelope;
import io.tandemmail.model.submission.LastAttempt;
import io.tandemmail.model.submission.MessageFacts;
import io.tandemmail.model.submission.Role;
import io.tandemmail.sink.Behaviour;
import io.tandemmail.sink.MailSink;
import io.tandemmail.sink.ReceivedMessage;
import io.tandemmail.sink.SinkConfig;
import io.tandemmail.sink.SinkConfig.Extension;
import io.tandemmail.smtp.ConnectResult;
import io.tandemmail.smtp.MailTransaction;
import io.tandemmail.smtp.ServerEndpoint;
import io.tandemmail.smtp.SmtpSession;
import io.tandemmail.smtp.engine.PipeliningSmtpTransport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** From a server's words to what is recorded and tried again: S1, S2 and S5 with a server that does as it is told. */
class ScriptedServerTest {
  private static final RouteSettings ROUTE =
      new RouteSettings("default", "mx-a", List.of(), Retry.DEFAULT);
  private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");
  private static final LanePosition LANE = new LanePosition("mx-a", Role.PRIMARY, 3, 7);
  private static final List<Integer> CODES = List.of(250, 450, 550);
  private static final int RECIPIENTS = 5;

  private MailSink sink = sink(SinkConfig.named("test").keeping().without(Extension.CHUNKING));
  private SmtpSession session = connect();

  @AfterEach
  void stop() {
    session.close();
    sink.close();
  }

  /** S2: all 243 mixes of accepted, deferred and refused. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void inEveryMixEachRecipientHasItsOutcomeAndOnlyTheDeferredAreTriedAgain(boolean pipelining) {
    if (!pipelining) {
      use(SinkConfig.named("old").keeping().without(Extension.CHUNKING).withoutPipelining());
    }
    int taken = 0;
    for (int mix = 0; mix < Math.pow(CODES.size(), RECIPIENTS); mix++) {
      List<Integer> codes = codes(mix);
      List<String> recipients =
          IntStream.range(0, RECIPIENTS).mapToObj(i -> address(codes.get(i), "r" + i)).toList();

      AttemptReport report = attempt(facts(recipients));

      assertThat(report.outcomes())
          .as("mix %s", codes)
          .extracting(Outcome::recipient, Outcome::type)
          .containsExactlyElementsOf(
              IntStream.range(0, RECIPIENTS)
                  .mapToObj(i -> tuple(recipients.get(i), type(codes.get(i))))
                  .toList());
      assertThat(report.giveBack().map(ScriptedServerTest::open).orElse(List.of()))
          .as("mix %s", codes)
          .isEqualTo(of(450, codes, recipients));
      List<String> accepted = of(250, codes, recipients);
      if (!accepted.isEmpty()) {
        assertThat(sink.received().get(taken++).recipients()).isEqualTo(accepted);
      }
      assertThat(sink.received()).hasSize(taken);
    }
    assertThat(sink.counts().connections()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "421-mail, deferred, true",
    "451-mail, deferred, true",
    "550-mail, bounced, false",
    "503-mail, deferred, true",
    "530-mail, deferred, true",
    "252-mail, delivered, false",
    "421-rcpt, deferred, true",
    "450-rcpt, deferred, false",
    "550-rcpt, bounced, false",
    "251-rcpt, delivered, false",
    "252-rcpt, delivered, false",
    "421-data, deferred, true",
    "451-data, deferred, false",
    "554-data, bounced, false",
    "250-data, deferred, true",
    "530-data, deferred, true",
    "421-dot, deferred, true",
    "451-dot, deferred, false",
    "554-dot, bounced, false",
    "299-dot, delivered, false"
  })
  void eachStageHasItsOutcomeAndItsBlame(String behaviour, String type, boolean avoided) {
    sink.behave(Behaviour.parse(behaviour).orElseThrow());

    AttemptReport report = attempt(facts(List.of("ann@example.net")));

    assertThat(report.outcomes())
        .extracting(Outcome::type)
        .containsExactly(OutcomeType.ofWireName(type).orElseThrow());
    assertThat(
            report
                .giveBack()
                .map(AttemptReport.GiveBack::last)
                .flatMap(LastAttempt::avoid)
                .isPresent())
        .isEqualTo(avoided);
  }

  @Test
  void greylistedMailIsDeliveredByItsSecondAttemptAndTheOthersAreNotBothered() {
    AttemptReport first = attempt(facts(List.of("ann@example.net", "greylist@example.net")));
    assertThat(types(first)).containsExactly(OutcomeType.DELIVERED, OutcomeType.DEFERRED);
    AttemptReport.GiveBack back = first.giveBack().orElseThrow();
    assertThat(back.notBefore().orElseThrow()).isAfterOrEqualTo(NOW.plus(ROUTE.retry().first()));

    AttemptReport second = attempt(back.facts());

    assertThat(types(second)).containsExactly(OutcomeType.DELIVERED);
    assertThat(second.outcomes().getFirst().attempt()).isEqualTo(2);
    assertThat(sink.received())
        .extracting(ReceivedMessage::recipients)
        .containsExactly(List.of("ann@example.net"), List.of("greylist@example.net"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"452-after-10", "552-after-10"})
  void recipientsBeyondTheServersNumberGoInTransactionsOfTheirOwnAtOnce(String behaviour) {
    sink.behave(Behaviour.parse(behaviour).orElseThrow());
    List<String> recipients =
        new ArrayList<>(IntStream.range(0, 25).mapToObj(i -> "r" + i + "@example.net").toList());
    recipients.add(3, "450-rcpt@example.net");
    AttemptReport report = attempt(facts(recipients));
    int rounds = 1;
    while (report.giveBack().filter(back -> back.notBefore().isEmpty()).isPresent()) {
      report = attempt(report.giveBack().get().facts());
      rounds++;
    }

    assertThat(rounds).isEqualTo(3);
    assertThat(open(report.giveBack().orElseThrow())).containsExactly("450-rcpt@example.net");
    recipients.remove("450-rcpt@example.net");
    assertThat(sink.received().stream().flatMap(message -> message.recipients().stream()))
        .containsExactlyElementsOf(recipients);
  }

  @Test
  void aServerThatTakesNobodyIsNotAskedAtOnceAgain() {
    sink.behave(Behaviour.parse("452-after-0").orElseThrow());

    AttemptReport report = attempt(facts(List.of("ann@example.net", "bob@example.net")));

    assertThat(types(report)).containsOnly(OutcomeType.DEFERRED);
    assertThat(report.giveBack().orElseThrow().notBefore()).isPresent();
  }

  @Test
  void withoutSmtpUtf8AnAddressThatNeedsItFailsWithItsCode() {
    use(SinkConfig.named("ascii").keeping().without(SinkConfig.Extension.SMTPUTF8));

    assertFailed(attempt(facts(List.of("jörg@example.net"))), "5.6.7");
  }

  @Test
  void aMessageLongerThanTheServerTakesFailsWithItsCode() {
    use(SinkConfig.named("small").keeping().takingAtMost(10));

    assertFailed(attempt(facts(List.of("ann@example.net", "bob@example.net"))), "5.3.4");
  }

  private void assertFailed(AttemptReport report, String enhanced) {
    assertThat(report.outcomes())
        .allSatisfy(outcome -> {
          assertThat(outcome.type()).isEqualTo(OutcomeType.BOUNCED);
          assertThat(outcome.category()).contains(OutcomeCategory.POLICY);
          assertThat(outcome.reply().orElseThrow().enhanced()).contains(enhanced);
        });
    assertThat(report.giveBack()).isEmpty();
    assertThat(sink.received()).isEmpty();
  }

  private AttemptReport attempt(MessageFacts facts) {
    MailTransaction mail =
        new MailTransaction(
            facts.envelope().reversePath(),
            facts.envelope().forwardPaths(),
            "Subject: x\r\n\r\ntext\r\n".getBytes(StandardCharsets.US_ASCII));
    return AttemptReport.of(
        facts, LANE, session.deliver(mail, () -> true).recipients(), ROUTE, NOW);
  }

  private void use(SinkConfig config) {
    session.close();
    sink.close();
    sink = sink(config);
    session = connect();
  }

  private SmtpSession connect() {
    ServerEndpoint endpoint =
        ServerEndpoint.of(ServerSettings.plain("test", "127.0.0.1", sink.port()), "localhost")
            .within(Duration.ofSeconds(10));
    return ((ConnectResult.Connected) new PipeliningSmtpTransport().connect(endpoint)).session();
  }

  private static MailSink sink(SinkConfig config) {
    try {
      return MailSink.start(config);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Integer> codes(int mix) {
    return Stream.iterate(mix, rest -> rest / CODES.size())
        .limit(RECIPIENTS)
        .map(rest -> CODES.get(rest % CODES.size()))
        .toList();
  }

  private static String address(int code, String name) {
    return (code == 250 ? name : code + "-rcpt+" + name) + "@example.net";
  }

  private static OutcomeType type(int code) {
    return code == 250
        ? OutcomeType.DELIVERED
        : code == 450 ? OutcomeType.DEFERRED : OutcomeType.BOUNCED;
  }

  private static List<String> of(int code, List<Integer> codes, List<String> recipients) {
    return IntStream.range(0, RECIPIENTS)
        .filter(i -> codes.get(i) == code)
        .mapToObj(recipients::get)
        .toList();
  }

  private static List<OutcomeType> types(AttemptReport report) {
    return report.outcomes().stream().map(Outcome::type).toList();
  }

  private static List<String> open(AttemptReport.GiveBack back) {
    return back.facts().envelope().forwardPaths();
  }

  private static MessageFacts facts(List<String> recipients) {
    return new MessageFacts(
        "m1",
        "default",
        new Envelope("b@example.com", recipients),
        ContentType.RFC822,
        NOW,
        Optional.empty(),
        Optional.empty(),
        0,
        0,
        Optional.empty());
  }
}
