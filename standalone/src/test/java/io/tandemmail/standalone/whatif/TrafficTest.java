package io.tandemmail.standalone.whatif;

import static io.tandemmail.standalone.whatif.MadeUp.START;
import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.model.outcome.Outcome;
import io.tandemmail.model.outcome.Outcome.LanePosition;
import io.tandemmail.model.outcome.OutcomeType;
import io.tandemmail.model.submission.Role;
import io.tandemmail.model.wire.Topics.Lane;
import io.tandemmail.standalone.whatif.Traffic.Arrival;
import io.tandemmail.standalone.whatif.Traffic.Delivered;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TrafficTest {
  private final List<Arrival> arrivals = new ArrayList<>();
  private final Traffic traffic = new Traffic(new Window(START, 60), arrivals::add);

  @Test
  void aMessageArrivesOnceWhateverTheNumberOfItsRecipients() {
    traffic.note(0, accepted("m1", "ann@x"));
    traffic.note(1, accepted("m2", "ann@x"));
    traffic.note(0, accepted("m1", "bob@x"));
    traffic.note(0, delivered("m0", "ann@x", 1, 7));
    traffic.note(0, accepted("m1", "cyd@x"));
    traffic.note(0, accepted("m3", "ann@x"));
    traffic.end();

    assertThat(arrivals).extracting(Arrival::id).containsExactlyInAnyOrder("m1", "m2", "m3");
  }

  @Test
  void aMessageThatIsSuppressedForAllItsRecipientsIsNoLoad() {
    traffic.note(0, accepted("some", "ann@x"));
    traffic.note(0, accepted("some", "bob@x"));
    traffic.note(0, event("some", "ann@x", OutcomeType.SUPPRESSED, START, 0, Optional.empty()));
    traffic.note(0, accepted("all", "ann@x"));
    traffic.note(0, event("all", "ann@x", OutcomeType.SUPPRESSED, START, 0, Optional.empty()));
    traffic.end();

    assertThat(arrivals).extracting(Arrival::id).containsExactly("some");
  }

  @Test
  void whatIsOutsideTheWindowCountsForNothing() {
    traffic.note(0, acceptedAt("early", START.minusMillis(1)));
    traffic.note(0, acceptedAt("first", START));
    traffic.note(0, acceptedAt("last", START.plusMillis(59_999)));
    traffic.note(0, acceptedAt("late", START.plusSeconds(60)));
    traffic.end();

    assertThat(arrivals).extracting(Arrival::id).containsExactly("first", "last");
    assertThat(traffic.first()).contains(START);
  }

  @Test
  void anAttemptForManyRecipientsIsOneDeliveredMessage() {
    traffic.note(0, delivered("m1", "ann@x", 1, 7));
    traffic.note(0, delivered("m2", "ann@x", 1, 8));
    traffic.note(0, delivered("m1", "bob@x", 1, 7));
    traffic.note(1, deliveredFrom(1, "m3", "ann@x", 1, 7));

    assertThat(traffic.delivered())
        .containsOnly(Map.entry(new Lane("default", "a"), new Delivered(3, Duration.ofSeconds(4))));
    assertThat(traffic.furtherAttempts()).isZero();
  }

  @Test
  void attemptsAfterTheFirstAreCountedAndTheirWaitIsNot() {
    traffic.note(0, delivered("m1", "ann@x", 2, 7));
    traffic.note(
        0,
        event(
            "m2",
            "ann@x",
            OutcomeType.DEFERRED,
            START,
            3,
            Optional.of(new LanePosition("a", Role.PRIMARY, 0, 8))));

    assertThat(traffic.furtherAttempts()).isEqualTo(2);
    assertThat(traffic.delivered().get(new Lane("default", "a")))
        .isEqualTo(new Delivered(1, Duration.ZERO));
  }

  private static Outcome accepted(String id, String recipient) {
    return event(id, recipient, OutcomeType.ACCEPTED, START, 0, Optional.empty());
  }

  private static Outcome acceptedAt(String id, Instant at) {
    return event(id, "ann@x", OutcomeType.ACCEPTED, at, 0, Optional.empty());
  }

  /** Four seconds after it was submitted. */
  private static Outcome delivered(String id, String recipient, int attempt, long offset) {
    return deliveredFrom(0, id, recipient, attempt, offset);
  }

  private static Outcome deliveredFrom(
      int partition, String id, String recipient, int attempt, long offset) {
    return event(
        id,
        recipient,
        OutcomeType.DELIVERED,
        START.plusSeconds(4),
        attempt,
        Optional.of(new LanePosition("a", Role.PRIMARY, partition, offset)));
  }

  private static Outcome event(
      String id,
      String recipient,
      OutcomeType type,
      Instant at,
      int attempt,
      Optional<LanePosition> lane) {
    return new Outcome(
        id,
        "default",
        recipient,
        type,
        attempt,
        lane,
        Optional.empty(),
        Optional.empty(),
        at,
        START,
        Optional.empty());
  }
}
