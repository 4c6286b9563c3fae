package io.tandemmail.router.life;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.model.outcome.Outcome;
import io.tandemmail.model.outcome.OutcomeMark;
import io.tandemmail.model.outcome.OutcomeType;
import io.tandemmail.model.server.ServerHealth;
import io.tandemmail.model.settings.RouteSettings;
import io.tandemmail.model.settings.RouteSettings.Retry;
import io.tandemmail.model.submission.ContentType;
import io.tandemmail.model.submission.Envelope;
import io.tandemmail.model.submission.LastAttempt;
import io.tandemmail.model.submission.MessageFacts;
import io.tandemmail.model.submission.ReturnReason;
import io.tandemmail.model.suppression.Suppression;
import io.tandemmail.model.suppression.Suppression.Source;
import io.tandemmail.router.life.Decision.Counted;
import io.tandemmail.router.life.Decision.Emission;
import io.tandemmail.router.life.MessageLife.Return;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MessageLifeTest {
  private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");
  private static final Surroundings HEALTHY =
      new Surroundings(ServerHealth::unknown, recipient -> Optional.empty());
  private final MessageLife life =
      new MessageLife(
          Map.of("default", new RouteSettings("default", "a", List.of("b"), Retry.DEFAULT)));

  @Test
  void aNewMessageIsAcceptedCountedAndRouted() {
    Decision decision = admit(facts("m1"), Optional.empty());

    assertThat(decision.counted()).isEqualTo(Counted.ACCEPTED);
    assertThat(types(decision)).containsExactly(OutcomeType.ACCEPTED, OutcomeType.ACCEPTED);
    assertThat(lanes(decision)).containsExactly("a");
  }

  @Test
  void theSameIdWithinADayIsAnsweredAndNotRoutedAgain() {
    MessageState ended = end(admit(facts("m1"), Optional.empty()).state().orElseThrow());

    Decision again =
        life.admit(facts("m1"), Optional.of(ended), HEALTHY, NOW.plus(Duration.ofHours(23)));
    assertThat(types(again)).containsOnly(OutcomeType.DUPLICATE);
    assertThat(lanes(again)).isEmpty();
    assertThat(again.counted()).isEqualTo(Counted.NONE);

    Decision nextDay =
        life.admit(facts("m1"), Optional.of(ended), HEALTHY, NOW.plus(Duration.ofHours(25)));
    assertThat(lanes(nextDay)).containsExactly("a");
  }

  @Test
  void anIdThatStillWaitsIsADuplicateHoweverOldItIs() {
    MessageState waiting = admit(facts("m1"), Optional.empty()).state().orElseThrow();

    assertThat(
            types(
                life.admit(
                    facts("m1"), Optional.of(waiting), HEALTHY, NOW.plus(Duration.ofDays(3)))))
        .containsOnly(OutcomeType.DUPLICATE);
  }

  @Test
  void aDeferredReturnIsScheduledAndASecondOneOfTheSameAttemptIsDropped() {
    MessageState routed = admit(facts("m1"), Optional.empty()).state().orElseThrow();
    Return deferred = new Return(ReturnReason.DEFERRED, Optional.of(NOW.plusSeconds(60)));

    Decision first =
        life.returned(facts("m1").withAttempt(1), deferred, Optional.of(routed), HEALTHY, NOW);
    assertThat(first.emissions())
        .containsExactly(new Emission.ToSchedule(facts("m1").withAttempt(1), NOW.plusSeconds(60)));

    assertThat(life.returned(facts("m1").withAttempt(1), deferred, first.state(), HEALTHY, NOW))
        .isEqualTo(Decision.NOTHING);
  }

  @Test
  void recipientsWithAFinalOutcomeAreNeverRoutedAgain() {
    MessageState routed = admit(facts("m1"), Optional.empty()).state().orElseThrow();
    MessageState half =
        life.recorded(outcome("ann@example.net", OutcomeType.DELIVERED), 1, Optional.of(routed))
            .state()
            .orElseThrow();

    Decision decision = due(facts("m1").withAttempt(1), half);
    assertThat(decision.emissions())
        .singleElement()
        .isInstanceOfSatisfying(
            Emission.ToLane.class,
            lane ->
                assertThat(lane.facts().envelope().forwardPaths())
                    .containsExactly("bob@example.net"));

    assertThat(due(facts("m1"), end(routed))).isEqualTo(Decision.NOTHING);
  }

  @Test
  void aReroutedMessageGoesAtOnceUntilItHasWanderedTooOften() {
    MessageState routed = admit(facts("m1"), Optional.empty()).state().orElseThrow();
    Return rerouted = new Return(ReturnReason.REROUTED, Optional.empty());

    assertThat(
            lanes(
                life.returned(
                    facts("m1").withHops(8), rerouted, Optional.of(routed), HEALTHY, NOW)))
        .containsExactly("a");
    assertThat(
            life.returned(facts("m1").withHops(9), rerouted, Optional.of(routed), HEALTHY, NOW)
                .emissions())
        .singleElement()
        .isEqualTo(new Emission.ToSchedule(facts("m1").withHops(9), NOW.plusSeconds(2)));
  }

  /** The cluster finds the server well, one worker does not get through to it. */
  @Test
  void whatAWorkerCouldNotGetThroughWithGoesToAnotherServer() {
    MessageState routed = admit(facts("m1"), Optional.empty()).state().orElseThrow();
    Return outOfReach =
        new Return(
            ReturnReason.REROUTED,
            Optional.empty(),
            new LastAttempt(Optional.of("a"), Optional.empty()));

    assertThat(
            lanes(
                life.returned(
                    facts("m1").withHops(1), outOfReach, Optional.of(routed), HEALTHY, NOW)))
        .containsExactly("b");
  }

  @Test
  void sendAtWaitsAndAMessagePastItsTimeExpires() {
    MessageFacts later = facts("m1", Optional.of(NOW.plusSeconds(90)), Optional.empty());
    assertThat(admit(later, Optional.empty()).emissions())
        .contains(new Emission.ToSchedule(later, NOW.plusSeconds(90)));

    MessageFacts over = facts("m2", Optional.empty(), Optional.of(NOW.minusSeconds(1)));
    assertThat(types(admit(over, Optional.empty()))).contains(OutcomeType.EXPIRED);
  }

  @Test
  void aSuppressedRecipientEndsBeforeAnyAttemptAndTheOthersGoOn() {
    Decision decision =
        life.admit(facts("m1"), Optional.empty(), suppressing("ANN@example.net"), NOW);

    assertThat(decision.counted()).isEqualTo(Counted.ACCEPTED);
    assertThat(types(decision))
        .containsExactly(OutcomeType.ACCEPTED, OutcomeType.ACCEPTED, OutcomeType.SUPPRESSED);
    assertThat(decision.emissions().getLast())
        .isInstanceOfSatisfying(
            Emission.ToLane.class,
            lane ->
                assertThat(lane.facts().envelope().forwardPaths())
                    .containsExactly("bob@example.net"));
  }

  @Test
  void withAllSuppressedNothingLeavesAndTheMessageHasFailed() {
    Decision decision =
        life.admit(
            facts("m1"), Optional.empty(), suppressing("ann@example.net", "bob@example.net"), NOW);

    assertThat(lanes(decision)).isEmpty();
    Decision first =
        life.recorded(outcome("ann@example.net", OutcomeType.SUPPRESSED), 1, decision.state());
    Decision last =
        life.recorded(outcome("bob@example.net", OutcomeType.SUPPRESSED), 2, first.state());
    assertThat(first.counted()).isEqualTo(Counted.NONE);
    assertThat(last.counted()).isEqualTo(Counted.FAILED);
  }

  @Test
  void theListIsAskedWhenScheduledMailIsDueButNotOnARetry() {
    Surroundings listed = suppressing("ann@example.net", "bob@example.net");
    MessageState waiting = admit(facts("m1"), Optional.empty()).state().orElseThrow();

    assertThat(types(life.due(facts("m1"), LastAttempt.NONE, Optional.of(waiting), listed, NOW)))
        .containsOnly(OutcomeType.SUPPRESSED);
    assertThat(
            lanes(
                life.due(
                    facts("m1").withAttempt(1),
                    LastAttempt.NONE,
                    Optional.of(waiting),
                    listed,
                    NOW)))
        .containsExactly("a");
  }

  @Test
  void theSenderOfWhatExpiredIsToldWhereTheRouteSaysSo() {
    MessageFacts over = facts("m2", Optional.empty(), Optional.of(NOW.minusSeconds(1)));
    MessageLife telling =
        new MessageLife(
            Map.of(
                "default",
                new RouteSettings("default", "a", List.of(), Retry.DEFAULT)
                    .withBounces(
                        new RouteSettings.Bounces(RouteSettings.Dsn.FAILURES, false, false))));

    assertThat(reported(telling.admit(over, Optional.empty(), HEALTHY, NOW)))
        .containsExactly("ann@example.net", "bob@example.net");
    assertThat(reported(admit(over, Optional.empty()))).isEmpty();
  }

  @Test
  void lateNewsIsKeptWithTheMessageAndChangesNothing() {
    MessageState open = admit(facts("m1"), Optional.empty()).state().orElseThrow();

    for (MessageState before : List.of(open, end(open))) {
      for (OutcomeType news : List.of(OutcomeType.LATE_BOUNCED, OutcomeType.COMPLAINED)) {
        Decision decision = life.recorded(outcome("ann@example.net", news), 9, Optional.of(before));
        assertThat(decision.counted()).isEqualTo(Counted.NONE);
        assertThat(decision.state().orElseThrow().recipients()).isEqualTo(before.recipients());
        assertThat(decision.state().orElseThrow().events()).endsWith(9L);
      }
    }
  }

  @Test
  void mailOfARouteThatIsGoneWaits() {
    MessageLife none = new MessageLife(Map.of());

    assertThat(none.admit(facts("m1"), Optional.empty(), HEALTHY, NOW).emissions())
        .contains(new Emission.ToSchedule(facts("m1"), NOW.plusSeconds(60)));
  }

  @Test
  void aMessageIsCountedOnceWhenItsLastRecipientEnds() {
    MessageState state = admit(facts("m1"), Optional.empty()).state().orElseThrow();
    Decision first =
        life.recorded(outcome("ann@example.net", OutcomeType.DELIVERED), 1, Optional.of(state));
    Decision last =
        life.recorded(outcome("bob@example.net", OutcomeType.BOUNCED), 2, first.state());
    Decision again =
        life.recorded(outcome("bob@example.net", OutcomeType.DELIVERED), 3, last.state());

    assertThat(first.counted()).isEqualTo(Counted.NONE);
    assertThat(last.counted()).isEqualTo(Counted.FAILED);
    assertThat(again.counted()).isEqualTo(Counted.NONE);
  }

  @Test
  void aReturnOfAnIdNobodyRemembersIsStillRouted() {
    Decision decision =
        life.returned(
            facts("m1").withAttempt(1),
            new Return(ReturnReason.REROUTED, Optional.empty()),
            Optional.empty(),
            HEALTHY,
            NOW);

    assertThat(lanes(decision)).containsExactly("a");
  }

  @Test
  void theStateSurvivesItsBytes() {
    MessageState state = end(admit(facts("m1"), Optional.empty()).state().orElseThrow());

    assertThat(MessageStateCodec.read(MessageStateCodec.write(state))).isEqualTo(state);
  }

  @Test
  void whatIsDeferredByTheServersFaultGoesToAnotherServerNowOrWhenItsTimeHasCome() {
    MessageState routed = admit(facts("m1"), Optional.empty()).state().orElseThrow();
    MessageFacts tried = facts("m1").withAttempt(1);
    LastAttempt avoid = LastAttempt.avoiding(Optional.of("a"));
    Return later = new Return(ReturnReason.DEFERRED, Optional.of(NOW.plusSeconds(60)), avoid);
    Return atOnce = new Return(ReturnReason.DEFERRED, Optional.empty(), avoid);

    assertThat(returned(tried, later, routed).emissions())
        .containsExactly(new Emission.ToSchedule(tried, NOW.plusSeconds(60), avoid));
    assertThat(lanes(life.due(tried, avoid, Optional.of(routed), HEALTHY, NOW)))
        .containsExactly("b");
    assertThat(lanes(returned(tried, atOnce, routed))).containsExactly("b");
  }

  @Test
  void theServerAtFaultGetsItAgainWhereThereIsNoOther() {
    MessageLife alone =
        new MessageLife(
            Map.of("default", new RouteSettings("default", "a", List.of(), Retry.DEFAULT)));

    assertThat(
            lanes(
                alone.due(
                    facts("m1").withAttempt(1),
                    LastAttempt.avoiding(Optional.of("a")),
                    Optional.empty(),
                    HEALTHY,
                    NOW)))
        .containsExactly("a");
  }

  @Test
  void aRestThatWasSplitOffGoesAtOnceToTheSameServer() {
    MessageState routed = admit(facts("m1"), Optional.empty()).state().orElseThrow();

    assertThat(
            lanes(
                returned(
                    facts("m1").withAttempt(1),
                    new Return(ReturnReason.DEFERRED, Optional.empty()),
                    routed)))
        .containsExactly("a");
  }

  @Test
  void aWorkersClockThatIsHoursOffIsNotBelieved() {
    MessageState routed = admit(facts("m1"), Optional.empty()).state().orElseThrow();
    MessageFacts tried = facts("m1").withAttempt(3);
    Instant ahead = NOW.plus(Duration.ofHours(3));
    Instant behind = NOW.minus(Duration.ofHours(2));

    assertThat(
            returned(tried, new Return(ReturnReason.DEFERRED, Optional.of(ahead)), routed)
                .emissions())
        .containsExactly(new Emission.ToSchedule(tried, NOW.plus(Retry.DEFAULT.max())));
    assertThat(
            returned(tried, new Return(ReturnReason.DEFERRED, Optional.of(behind)), routed)
                .emissions())
        .containsExactly(new Emission.ToSchedule(tried, NOW.plus(Retry.DEFAULT.first())));
  }

  private Decision returned(MessageFacts facts, Return returned, MessageState known) {
    return life.returned(facts, returned, Optional.of(known), HEALTHY, NOW);
  }

  private Decision due(MessageFacts facts, MessageState known) {
    return life.due(facts, LastAttempt.NONE, Optional.of(known), HEALTHY, NOW);
  }

  private static Surroundings suppressing(String... addresses) {
    Set<String> keys = new HashSet<>();
    for (String address : addresses) {
      keys.add(Suppression.key(address));
    }
    return new Surroundings(
        ServerHealth::unknown,
        recipient ->
            keys.contains(Suppression.key(recipient))
                ? Optional.of(
                    new Suppression(recipient, "by hand", Source.OPERATOR, NOW, Optional.empty()))
                : Optional.empty());
  }

  private static List<String> reported(Decision decision) {
    return decision.emissions().stream()
        .filter(Emission.Report.class::isInstance)
        .flatMap(e -> ((Emission.Report) e).failures().stream())
        .map(Outcome::recipient)
        .toList();
  }

  private Decision admit(MessageFacts facts, Optional<MessageState> known) {
    return life.admit(facts, known, HEALTHY, NOW);
  }

  private MessageState end(MessageState state) {
    MessageState one =
        life.recorded(outcome("ann@example.net", OutcomeType.DELIVERED), 1, Optional.of(state))
            .state()
            .orElseThrow();
    return life.recorded(outcome("bob@example.net", OutcomeType.DELIVERED), 2, Optional.of(one))
        .state()
        .orElseThrow();
  }

  private static List<OutcomeType> types(Decision decision) {
    return decision.emissions().stream()
        .filter(Emission.Event.class::isInstance)
        .map(e -> ((Emission.Event) e).outcome().type())
        .toList();
  }

  private static List<String> lanes(Decision decision) {
    return decision.emissions().stream()
        .filter(Emission.ToLane.class::isInstance)
        .map(e -> ((Emission.ToLane) e).assignment().server())
        .toList();
  }

  private static OutcomeMark outcome(String recipient, OutcomeType type) {
    return new OutcomeMark("m1", "default", recipient, type);
  }

  private static MessageFacts facts(String id) {
    return facts(id, Optional.empty(), Optional.empty());
  }

  private static MessageFacts facts(
      String id, Optional<Instant> sendAt, Optional<Instant> expiresAt) {
    return new MessageFacts(
        id,
        "default",
        new Envelope("b@example.com", List.of("ann@example.net", "bob@example.net")),
        ContentType.JSON,
        NOW,
        sendAt,
        expiresAt,
        0,
        0,
        Optional.empty());
  }
}
