package io.tandemmail.standalone.doubt;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.model.outcome.Outcome;
import io.tandemmail.model.outcome.Outcome.LanePosition;
import io.tandemmail.model.outcome.OutcomeType;
import io.tandemmail.model.submission.Role;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DoubtsTest {
  private static final Instant START = Instant.parse("2026-11-24T10:00:00Z");
  private final Doubts doubts = new Doubts();

  @Test
  void whatWasDeliveredAfterADoubtMayBeThereTwice() {
    note("m1", "ann@example.net", OutcomeType.IN_DOUBT, 1);
    note("m1", "ann@example.net", OutcomeType.DELIVERED, 5);

    assertThat(doubts.all()).singleElement().matches(Doubts.Doubt::maybeTwice);
  }

  @Test
  void whatBouncedAfterADoubtOrIsUnderWayIsNotSaidToBeThereTwice() {
    note("m1", "ann@example.net", OutcomeType.IN_DOUBT, 1);
    note("m1", "ann@example.net", OutcomeType.BOUNCED, 5);
    note("m2", "ann@example.net", OutcomeType.IN_DOUBT, 2);
    note("m2", "ann@example.net", OutcomeType.DEFERRED, 3);

    assertThat(doubts.all()).hasSize(2).noneMatch(Doubts.Doubt::maybeTwice);
    assertThat(doubts.all().getLast().then()).isEmpty();
  }

  @Test
  void recipientsOfOneMessageAreApart() {
    note("m1", "ann@example.net", OutcomeType.IN_DOUBT, 1);
    note("m1", "bob@example.net", OutcomeType.DELIVERED, 1);

    assertThat(doubts.all()).singleElement().returns(Optional.empty(), Doubts.Doubt::then);
  }

  @Test
  void everyDoubtIsListedTheOldestFirst() {
    note("m2", "ann@example.net", OutcomeType.IN_DOUBT, 7);
    note("m1", "ann@example.net", OutcomeType.IN_DOUBT, 1);
    note("m1", "ann@example.net", OutcomeType.IN_DOUBT, 3);
    note("m1", "ann@example.net", OutcomeType.DELIVERED, 9);

    assertThat(doubts.all())
        .extracting(doubt -> doubt.outcome().at().getEpochSecond() - START.getEpochSecond())
        .containsExactly(1L, 3L, 7L);
  }

  @Test
  void whoIsHeldIsSaidUntilAnOperatorHasResolvedItWhicheverRecordCameFirst() {
    note("m1", "ann@example.net", OutcomeType.IN_DOUBT, 1);
    note("m1", "ann@example.net", OutcomeType.HELD, 2);
    note("m2", "ann@example.net", OutcomeType.HELD, 3);
    note("m2", "ann@example.net", OutcomeType.IN_DOUBT, 4);
    assertThat(doubts.all()).hasSize(2).allMatch(Doubts.Doubt::held);

    note("m1", "ann@example.net", OutcomeType.RESOLVED, 5);
    note("m2", "ann@example.net", OutcomeType.RESOLVED, 5);
    assertThat(doubts.all()).hasSize(2).noneMatch(Doubts.Doubt::held);
  }

  /** The worker died between the returned record and its outcome. */
  @Test
  void whoIsHeldIsListedThoughItsDoubtWasNeverRecorded() {
    note("m1", "ann@example.net", OutcomeType.HELD, 2);

    assertThat(doubts.all()).singleElement().matches(Doubts.Doubt::held);
  }

  @Test
  void whatAnOperatorFoundDeliveredIsThereOnce() {
    note("m1", "ann@example.net", OutcomeType.IN_DOUBT, 1);
    note("m1", "ann@example.net", OutcomeType.HELD, 2);
    note("m1", "ann@example.net", OutcomeType.RESOLVED, 3);
    doubts.note(outcome("m1", "ann@example.net", OutcomeType.DELIVERED, 4, Optional.empty()));

    assertThat(doubts.all()).singleElement().matches(doubt -> !doubt.maybeTwice());
    assertThat(doubts.all().getFirst().then()).isPresent();
  }

  @Test
  void aDeliveryWithoutADoubtIsNone() {
    note("m1", "ann@example.net", OutcomeType.DELIVERED, 1);

    assertThat(doubts.all()).isEmpty();
  }

  private void note(String id, String recipient, OutcomeType type, int second) {
    LanePosition lane = new LanePosition("a", Role.PRIMARY, 0, second);
    doubts.note(outcome(id, recipient, type, second, Optional.of(lane)));
  }

  private static Outcome outcome(
      String id, String recipient, OutcomeType type, int second, Optional<LanePosition> lane) {
    return new Outcome(
        id,
        "default",
        recipient,
        type,
        1,
        lane,
        Optional.empty(),
        Optional.empty(),
        START.plusSeconds(second),
        START,
        Optional.empty());
  }
}
