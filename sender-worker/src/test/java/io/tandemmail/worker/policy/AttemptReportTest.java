package io.tandemmail.worker.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.tandemmail.model.outcome.Outcome;
import io.tandemmail.model.outcome.Outcome.LanePosition;
import io.tandemmail.model.outcome.OutcomeCategory;
import io.tandemmail.model.outcome.OutcomeType;
import io.tandemmail.model.settings.RouteSettings;
import io.tandemmail.model.settings.RouteSettings.Retry;
import io.tandemmail.model.submission.ContentType;
import io.tandemmail.model.submission.Envelope;
import io.tandemmail.model.submission.LastAttempt;
import io.tandemmail.model.submission.MessageFacts;
import io.tandemmail.model.submission.ReturnReason;
import io.tandemmail.model.submission.Role;
import io.tandemmail.smtp.EnhancedCode;
import io.tandemmail.smtp.Fault;
import io.tandemmail.smtp.Phase;
import io.tandemmail.smtp.RecipientResult;
import io.tandemmail.smtp.Reply;
import io.tandemmail.worker.policy.AttemptReport.GiveBack;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AttemptReportTest {
  private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");
  private static final LanePosition LANE = new LanePosition("mx-a", Role.PRIMARY, 3, 7);
  private static final RouteSettings ALONE =
      new RouteSettings("default", "mx-a", List.of(), Retry.DEFAULT);
  private static final RouteSettings PAIR =
      new RouteSettings("default", "mx-a", List.of("mx-b"), Retry.DEFAULT);
  private static final Fault RESET = new Fault(Fault.Kind.RESET, Phase.DATA, "");
  private static final Fault STALE = new Fault(Fault.Kind.NOT_FRESH, Phase.FINAL_DOT, "");

  @Test
  void onlyRecipientsStillOpenAreGivenBackWithTheirCategory() {
    AttemptReport report =
        report(
            answered("ann", Phase.FINAL_DOT, 250),
            answered("bob", Phase.RCPT, 450),
            answered("cid", Phase.RCPT, 550, 5, 1, 1));

    assertThat(report.outcomes())
        .extracting(Outcome::type)
        .containsExactly(OutcomeType.DELIVERED, OutcomeType.DEFERRED, OutcomeType.BOUNCED);
    assertThat(report.outcomes())
        .extracting(Outcome::category)
        .containsExactly(
            Optional.empty(),
            Optional.of(OutcomeCategory.OTHER),
            Optional.of(OutcomeCategory.BAD_MAILBOX));
    assertThat(report.outcomes())
        .allMatch(outcome -> outcome.attempt() == 1 && outcome.lane().equals(Optional.of(LANE)));
    GiveBack back = report.giveBack().orElseThrow();
    assertThat(open(back)).containsExactly("bob");
    assertThat(back.facts().attempt()).isEqualTo(1);
    assertThat(back.notBefore().orElseThrow()).isAfterOrEqualTo(NOW.plusSeconds(60));
    assertThat(back.last().avoid()).isEmpty();
  }

  @Test
  void aMessageWithoutTimeForAnotherTryIsGivenBackAsExpired() {
    AttemptReport report =
        AttemptReport.of(
            facts("ann"),
            LANE,
            List.of(answered("ann", Phase.RCPT, 450)),
            new RouteSettings(
                "default",
                "mx-a",
                List.of(),
                new Retry(Duration.ofMinutes(1), Duration.ofMinutes(1), Duration.ofSeconds(30))),
            NOW);

    assertThat(report.giveBack().orElseThrow().reason()).isEqualTo(ReturnReason.EXPIRED);
  }

  /** A record of the refused one alone would end the message and lose the other (I1). */
  @Test
  void whenOwnershipIsLostNothingIsRecordedNotEvenARefusal() {
    assertThat(report(new RecipientResult.Faulted("ann", STALE)).isEmpty()).isTrue();
    assertThat(
            report(answered("bob", Phase.RCPT, 550), new RecipientResult.Faulted("ann", STALE))
                .isEmpty())
        .isTrue();
  }

  @Test
  void theServerAtFaultIsAvoidedAndABrokenConnectionTriedSoon() {
    GiveBack broken = back(new RecipientResult.Faulted("ann", RESET));
    assertThat(broken.last().avoid()).contains("mx-a");
    assertThat(broken.notBefore()).contains(NOW.plusMillis(500));

    GiveBack refused = back(answered("ann", Phase.MAIL, 451, 4, 3, 0));
    assertThat(refused.last().avoid()).contains("mx-a");
    assertThat(refused.notBefore().orElseThrow()).isAfterOrEqualTo(NOW.plusSeconds(60));
  }

  /** Nobody said anything about the message, and the other server was told nothing yet. */
  @Test
  void aServersOwnTroubleIsTriedSoonWhereTheRouteHasAnotherServer() {
    List<RecipientResult> mail = List.of(answered("ann", Phase.MAIL, 451, 4, 3, 0));
    List<RecipientResult> dot = List.of(answered("ann", Phase.FINAL_DOT, 421));

    assertThat(notBefore(PAIR, 0, mail)).isEqualTo(NOW.plusMillis(500));
    assertThat(notBefore(PAIR, 0, dot)).isEqualTo(NOW.plusMillis(500));
    assertThat(notBefore(PAIR, 1, dot)).isEqualTo(NOW.plusSeconds(1));
    assertThat(notBefore(PAIR, 2, dot)).isAfterOrEqualTo(NOW.plusSeconds(60));
    assertThat(notBefore(ALONE, 0, dot)).isAfterOrEqualTo(NOW.plusSeconds(60));
    assertThat(notBefore(PAIR, 0, List.of(answered("ann", Phase.RCPT, 450))))
        .isAfterOrEqualTo(NOW.plusSeconds(60));
  }

  @Test
  void whoIsInDoubtIsSaidWithTheServerThatMayHaveIt() {
    GiveBack back = back(new RecipientResult.InDoubt("ann", RESET));

    assertThat(back.last())
        .isEqualTo(
            new LastAttempt(
                Optional.empty(), Optional.of(new LastAttempt.Doubt("mx-a", List.of("ann")))));
    assertThat(back.notBefore()).contains(NOW.plusMillis(500));
    assertThat(report(new RecipientResult.InDoubt("ann", RESET)).outcomes())
        .extracting(Outcome::type, Outcome::category)
        .containsExactly(tuple(OutcomeType.IN_DOUBT, Optional.of(OutcomeCategory.OTHER)));
  }

  @Test
  void oneThatTheServerKnowsKeepsTheOthersThereAndOneToldToWaitMakesThemWait() {
    GiveBack greylisted =
        back(answered("ann", Phase.RCPT, 450, 4, 7, 1), new RecipientResult.Faulted("bob", RESET));
    assertThat(greylisted.last().avoid()).isEmpty();
    assertThat(greylisted.notBefore().orElseThrow()).isAfterOrEqualTo(NOW.plusSeconds(60));

    GiveBack busy =
        back(answered("ann", Phase.RCPT, 450), new RecipientResult.Faulted("bob", RESET));
    assertThat(busy.last().avoid()).contains("mx-a");
    assertThat(busy.notBefore().orElseThrow()).isAfterOrEqualTo(NOW.plusSeconds(60));
  }

  @Test
  void recipientsBeyondTheServersNumberGoAtOnceAndBeforeThoseThatWait() {
    GiveBack back =
        back(
            answered("ann", Phase.FINAL_DOT, 250),
            answered("bob", Phase.RCPT, 450),
            answered("cid", Phase.RCPT, 452, 4, 5, 3),
            answered("dan", Phase.RCPT, 552));

    assertThat(back.reason()).isEqualTo(ReturnReason.DEFERRED);
    assertThat(back.notBefore()).isEmpty();
    assertThat(open(back)).containsExactly("cid", "dan", "bob");
  }

  /** Otherwise a server that says 452 to everybody, or 451 at the dot, would be asked without end. */
  @Test
  void whereNobodyWasDeliveredTheRestWaitsForTheSchedule() {
    assertThat(back(answered("ann", Phase.RCPT, 452, 4, 5, 3)).notBefore()).isPresent();
    assertThat(
            back(answered("bob", Phase.RCPT, 550), answered("ann", Phase.RCPT, 452, 4, 5, 3))
                .notBefore())
        .isPresent();
    assertThat(
            back(answered("bob", Phase.FINAL_DOT, 451), answered("ann", Phase.RCPT, 452))
                .notBefore())
        .isPresent();
  }

  private static AttemptReport report(RecipientResult... results) {
    String[] recipients =
        Arrays.stream(results).map(RecipientResult::recipient).toArray(String[]::new);
    return AttemptReport.of(facts(recipients), LANE, List.of(results), ALONE, NOW);
  }

  private static Instant notBefore(
      RouteSettings route, int attemptsBefore, List<RecipientResult> results) {
    return AttemptReport.of(facts("ann").withAttempt(attemptsBefore), LANE, results, route, NOW)
        .giveBack()
        .flatMap(GiveBack::notBefore)
        .orElseThrow();
  }

  private static GiveBack back(RecipientResult... results) {
    return report(results).giveBack().orElseThrow();
  }

  private static List<String> open(GiveBack back) {
    return back.facts().envelope().forwardPaths();
  }

  private static RecipientResult answered(String recipient, Phase phase, int code) {
    return new RecipientResult.Answered(recipient, phase, new Reply(code, Optional.empty(), ""));
  }

  private static RecipientResult answered(
      String recipient, Phase phase, int code, int... enhanced) {
    Optional<EnhancedCode> told =
        Optional.of(new EnhancedCode(enhanced[0], enhanced[1], enhanced[2]));
    return new RecipientResult.Answered(recipient, phase, new Reply(code, told, ""));
  }

  private static MessageFacts facts(String... recipients) {
    return new MessageFacts(
        "m1",
        "default",
        new Envelope("", List.of(recipients)),
        ContentType.JSON,
        NOW,
        Optional.empty(),
        Optional.empty(),
        0,
        0,
        Optional.empty());
  }
}
