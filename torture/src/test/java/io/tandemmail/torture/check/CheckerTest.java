package io.tandemmail.torture.check;

import static io.tandemmail.model.outcome.OutcomeType.ACCEPTED;
import static io.tandemmail.model.outcome.OutcomeType.BOUNCED;
import static io.tandemmail.model.outcome.OutcomeType.DELIVERED;
import static io.tandemmail.model.outcome.OutcomeType.IN_DOUBT;
import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.model.outcome.OutcomeType;
import io.tandemmail.torture.check.Finding.Rule;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CheckerTest {
  private static final Instant T0 = Instant.parse("2026-11-25T12:00:00Z");
  private static final String ANN = "ann@example.net";
  private static final String BOB = "bob@example.net";
  private static final Excuse WORKER_1_DIED = new Excuse(4, "w1", at(90), at(101), 1);

  private int events;
  private final Checker checker = new Checker(id -> id.startsWith("poison-"));

  @Test
  void oneCopyAndOneOutcomeEachIsAllRight() {
    checker.accepted("m", List.of(ANN, BOB), T0);
    checker.copy(copy("m", "w1", 1, ANN, BOB));
    outcome("m", ANN, DELIVERED);
    outcome("m", BOB, DELIVERED);

    Verdict verdict = conclude();

    assertThat(verdict.holds()).isTrue();
    assertThat(verdict.recipients()).isEqualTo(2);
    assertThat(verdict.ends()).containsEntry("delivered", 2L);
  }

  @Test
  void whatWasAcceptedAndIsNowhereIsLost() {
    checker.accepted("m", List.of(ANN), T0);

    assertThat(conclude().count(Rule.LOST)).isEqualTo(1);
  }

  @Test
  void whatIsCalledDeliveredAndNobodyTookIsLost() {
    checker.accepted("m", List.of(ANN, BOB), T0);
    checker.copy(copy("m", "w1", 1, ANN));
    outcome("m", ANN, DELIVERED);
    outcome("m", BOB, DELIVERED);

    assertThat(conclude().count(Rule.LOST)).isEqualTo(1);
  }

  @Test
  void aBounceNeedsNoCopy() {
    checker.accepted("m", List.of(ANN), T0);
    outcome("m", ANN, BOUNCED);

    assertThat(conclude().holds()).isTrue();
  }

  @Test
  void aCopyWithoutAFinalOutcomeIsUnfinished() {
    checker.accepted("m", List.of(ANN), T0);
    checker.copy(copy("m", "w1", 1, ANN));

    assertThat(conclude().count(Rule.UNFINISHED)).isEqualTo(1);
  }

  @Test
  void twoFinalOutcomesForOneCopyAreOneTooMany() {
    delivered("m", copy("m", "w1", 1, ANN));
    outcome("m", ANN, DELIVERED);

    assertThat(conclude().count(Rule.TWO_ENDS)).isEqualTo(1);
  }

  @Test
  void aSecondCopyThatNoEventNamesIsUnlistedAlsoWhereItIsExplained() {
    delivered("m", copy("m", "w1", 95, ANN), copy("m", "w2", 104, ANN));

    assertThat(conclude(WORKER_1_DIED).counts()).containsExactly(Map.entry(Rule.UNLISTED, 1));
  }

  @Test
  void thatAWorkerMayHaveSentItListsACopyAndExplainsNone() {
    delivered("m", copy("m", "w1", 5, ANN), copy("m", "w2", 104, ANN));
    checker.suspected("m", ANN);

    assertThat(conclude().counts()).containsExactly(Map.entry(Rule.UNEXPLAINED_DUPLICATE, 1));
  }

  @Test
  void aDelayIsThatOfTheFirstCopy() {
    delivered("m", copy("m", "w1", 9, ANN), copy("m", "w1", 4, ANN));

    assertThat(checker.longestDelay(T0, T0)).isEqualTo(Duration.ofSeconds(4));
    assertThat(checker.longestDelay(at(1), at(9))).isEqualTo(Duration.ZERO);
  }

  @Test
  void aWorkerThatWasCutOffMayHaveFoundTheSameBounceBefore() {
    checker.accepted("m", List.of(ANN), T0);
    checker.outcome("m", ANN, BOUNCED, at(100), "by the first");
    checker.outcome("m", ANN, BOUNCED, at(107), "by the second");

    Verdict verdict = conclude(WORKER_1_DIED);

    assertThat(verdict.holds()).isTrue();
    assertThat(verdict.secondEnds()).isEqualTo(1);
    assertThat(conclude().count(Rule.TWO_ENDS)).isEqualTo(1);
  }

  @Test
  void anEventThatWasWrittenTwiceIsOne() {
    delivered("m", copy("m", "w1", 1, ANN));
    checker.outcome("m", ANN, DELIVERED, T0, "event 0");

    Verdict verdict = conclude();

    assertThat(verdict.holds()).isTrue();
    assertThat(verdict.repeated()).isEqualTo(1);
  }

  @Test
  void aDoubtThatWasWrittenTwiceExplainsOneCopy() {
    delivered("m", copy("m", "w1", 1, ANN), copy("m", "w1", 2, ANN), copy("m", "w2", 3, ANN));
    checker.outcome("m", ANN, IN_DOUBT, T0, "the doubt");
    checker.outcome("m", ANN, IN_DOUBT, T0, "the doubt");

    assertThat(conclude().count(Rule.UNEXPLAINED_DUPLICATE)).isEqualTo(1);
  }

  @Test
  void deliveredAndBouncedIsAContradiction() {
    delivered("m", copy("m", "w1", 1, ANN), copy("m", "w1", 2, ANN));
    outcome("m", ANN, BOUNCED);
    outcome("m", ANN, IN_DOUBT);

    assertThat(conclude().count(Rule.TWO_ENDS)).isEqualTo(1);
  }

  @Test
  void aSecondCopyOutOfTheBlueIsUnexplained() {
    delivered("m", copy("m", "w1", 1, ANN), copy("m", "w2", 2, ANN));

    assertThat(conclude(WORKER_1_DIED).count(Rule.UNEXPLAINED_DUPLICATE)).isEqualTo(1);
  }

  @Test
  void aSecondCopyInDoubtIsExplainedAndAThirdIsNot() {
    delivered("m", copy("m", "w1", 1, ANN), copy("m", "w1", 2, ANN), copy("m", "w2", 3, ANN));
    outcome("m", ANN, IN_DOUBT);

    Verdict verdict = conclude();

    assertThat(verdict.explained()).containsEntry(0, 1);
    assertThat(verdict.count(Rule.UNEXPLAINED_DUPLICATE)).isEqualTo(1);
  }

  @Test
  void theDoubtOfAnotherRecipientExplainsNothing() {
    checker.accepted("m", List.of(ANN, BOB), T0);
    checker.copy(copy("m", "w1", 1, ANN, BOB));
    checker.copy(copy("m", "w1", 2, ANN));
    outcome("m", ANN, DELIVERED);
    outcome("m", BOB, DELIVERED);
    outcome("m", BOB, IN_DOUBT);

    assertThat(conclude().count(Rule.UNEXPLAINED_DUPLICATE)).isEqualTo(1);
  }

  @Test
  void whatADeadWorkerCouldNotRecordIsExplained() {
    delivered("m", copy("m", "w1", 100, ANN), copy("m", "w2", 107, ANN));
    checker.suspected("m", ANN);

    Verdict verdict = conclude(WORKER_1_DIED);

    assertThat(verdict.holds()).isTrue();
    assertThat(verdict.explained()).containsEntry(4, 1);
  }

  @Test
  void anotherWorkersCopyAtThatTimeIsNot() {
    delivered("m", copy("m", "w3", 100, ANN), copy("m", "w2", 107, ANN));

    assertThat(conclude(WORKER_1_DIED).count(Rule.UNEXPLAINED_DUPLICATE)).isEqualTo(1);
  }

  @Test
  void aZombieThatSendsAfterItsSuccessorIsNotExplainedByItsDeath() {
    delivered("m", copy("m", "w2", 100, ANN), copy("m", "w1", 107, ANN));

    assertThat(conclude(WORKER_1_DIED).count(Rule.UNEXPLAINED_DUPLICATE)).isEqualTo(1);
  }

  @Test
  void aWorkerExplainsNoMoreThanItMayHaveUnrecorded() {
    delivered("m", copy("m", "w1", 100, ANN), copy("m", "w2", 107, ANN));
    delivered("n", copy("n", "w1", 100, ANN), copy("n", "w2", 107, ANN));

    assertThat(conclude(WORKER_1_DIED).count(Rule.TOO_MANY_EXCUSED)).isEqualTo(1);
  }

  @Test
  void copiesOfOneMessageAreTheSame() {
    delivered(
        "m",
        copy("m", "w1", 1, ANN),
        new Copy("m", List.of(ANN), "mx-a", "w1", at(2), "other bytes"));
    outcome("m", ANN, IN_DOUBT);

    assertThat(conclude().count(Rule.DIFFERENT_BYTES)).isEqualTo(1);
  }

  @Test
  void mailThatNobodySubmittedIsAStranger() {
    checker.copy(copy("ghost", "w1", 1, ANN));
    outcome("poison-1", ANN, BOUNCED);

    assertThat(conclude().count(Rule.STRANGER)).isEqualTo(1);
  }

  @Test
  void whatElseWasAdmittedBelongsToTheRoutersCounts() {
    checker.accepted("m", List.of(ANN), T0);
    outcome("poison-1", ANN, ACCEPTED);
    outcome("poison-1", BOB, ACCEPTED);
    outcome("m", ANN, ACCEPTED);

    assertThat(checker.admitted()).isEqualTo(2);
  }

  @Test
  void aWorkerThatIsCutOffMustNotSend() {
    delivered("m", copy("m", "w1", 50, ANN));
    delivered("n", copy("n", "w2", 50, ANN));

    Verdict verdict = checker.conclude(List.of(), List.of(new Silence(2, "w1", at(40), at(60))));

    assertThat(verdict.count(Rule.SENT_WHILE_CUT_OFF)).isEqualTo(1);
  }

  private void delivered(String id, Copy... copies) {
    checker.accepted(id, List.of(ANN), T0);
    for (Copy copy : copies) {
      checker.copy(copy);
    }
    outcome(id, ANN, DELIVERED);
  }

  private void outcome(String id, String recipient, OutcomeType type) {
    checker.outcome(id, recipient, type, T0, "event " + events++);
  }

  private Verdict conclude(Excuse... excuses) {
    return checker.conclude(List.of(excuses), List.of());
  }

  private static Copy copy(String id, String client, int second, String... recipients) {
    return new Copy(id, List.of(recipients), "mx-a", client, at(second), "bytes of " + id);
  }

  private static Instant at(int second) {
    return T0.plusSeconds(second);
  }
}
