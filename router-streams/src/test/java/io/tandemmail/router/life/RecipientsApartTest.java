package io.tandemmail.router.life;

import static org.assertj.core.api.Assertions.assertThat;

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
import io.tandemmail.router.life.Decision.Emission;
import io.tandemmail.router.life.MessageLife.Return;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** I1, I2: which recipients a returned record speaks for, when faults made recipients of a message travel apart. */
class RecipientsApartTest {
  private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");
  private static final String ANN = "ann@example.net";
  private static final String BOB = "bob@example.net";
  private static final Surroundings HEALTHY =
      new Surroundings(ServerHealth::unknown, recipient -> Optional.empty());
  private static final Return DEFERRED =
      new Return(ReturnReason.DEFERRED, Optional.of(NOW.plusSeconds(60)));
  private static final Return REROUTED = new Return(ReturnReason.REROUTED, Optional.empty());
  private static final Return EXPIRED = new Return(ReturnReason.EXPIRED, Optional.empty());

  private final MessageLife life =
      new MessageLife(
          Map.of("default", new RouteSettings("default", "a", List.of("b"), Retry.DEFAULT)));
  private Optional<MessageState> state = Optional.empty();

  @BeforeEach
  void admitted() {
    store(life.admit(facts(0, 0, ANN, BOB), state, HEALTHY, NOW));
  }

  @Test
  void aRecordGivenBackAfterAHalfRecordedAttemptKeepsWhoOnlyItCarries() {
    assertThat(scheduled(back(DEFERRED, facts(1, 0, BOB)))).containsExactly(BOB);

    assertThat(lane(back(REROUTED, facts(0, 1, ANN, BOB)))).containsExactly(ANN);
    assertThat(lane(due(facts(1, 0, BOB)))).containsExactly(BOB);
  }

  @Test
  void ofTwoReturnsOfTheSameAttemptTheSecondAddsWhoIsMissingInTheFirst() {
    assertThat(scheduled(back(DEFERRED, facts(1, 0, BOB)))).containsExactly(BOB);

    assertThat(scheduled(back(DEFERRED, facts(1, 0, ANN, BOB)))).containsExactly(ANN);
    assertThat(back(DEFERRED, facts(1, 0, ANN, BOB))).isEqualTo(Decision.NOTHING);
  }

  @Test
  void theReturnOfAnAttemptThatComesAfterTheRecordWasGivenBackUntriedIsDropped() {
    assertThat(lane(back(REROUTED, facts(0, 1, ANN, BOB)))).containsExactly(ANN, BOB);

    assertThat(back(DEFERRED, facts(1, 0, ANN, BOB))).isEqualTo(Decision.NOTHING);
    assertThat(scheduled(back(DEFERRED, facts(1, 1, ANN, BOB)))).containsExactly(ANN, BOB);
  }

  @Test
  void whoHasEndedIsInNoReturnWhateverCameFirst() {
    back(DEFERRED, facts(1, 0, BOB));
    outcome(ANN, OutcomeType.DELIVERED);

    assertThat(back(REROUTED, facts(0, 1, ANN, BOB))).isEqualTo(Decision.NOTHING);
    assertThat(state.orElseThrow().ended()).isFalse();
  }

  @Test
  void anOutcomeThatComesAfterTheReturnEndsWhatTravels() {
    back(DEFERRED, facts(1, 0, BOB));
    back(REROUTED, facts(0, 1, ANN, BOB));
    outcome(ANN, OutcomeType.DELIVERED);

    assertThat(back(REROUTED, facts(0, 2, ANN))).isEqualTo(Decision.NOTHING);
    outcome(BOB, OutcomeType.DELIVERED);
    assertThat(due(facts(1, 0, BOB))).isEqualTo(Decision.NOTHING);
    assertThat(state.orElseThrow().ended()).isTrue();
  }

  @Test
  void whatIsExpiredByAnOlderRecordExpiresForWhoOnlyItCarries() {
    back(DEFERRED, facts(1, 0, BOB));

    assertThat(
            back(EXPIRED, facts(0, 1, ANN, BOB)).emissions().stream()
                .map(it -> ((Emission.Event) it).outcome().recipient()))
        .containsExactly(ANN);
  }

  @Test
  void recipientsThatTravelApartGoOnAlone() {
    back(DEFERRED, facts(1, 0, BOB));
    back(REROUTED, facts(0, 1, ANN, BOB));

    assertThat(lane(back(REROUTED, facts(0, 2, ANN)))).containsExactly(ANN);
    assertThat(lane(due(facts(1, 0, BOB)))).containsExactly(BOB);
    assertThat(scheduled(back(DEFERRED, facts(2, 0, BOB)))).containsExactly(BOB);
    assertThat(scheduled(back(DEFERRED, facts(1, 2, ANN)))).containsExactly(ANN);
    assertThat(state.orElseThrow().attempt()).isEqualTo(2);
  }

  @Test
  void whoAForgottenIdsStateDoesNotKnowIsRoutedOnce() {
    state = Optional.empty();
    back(DEFERRED, facts(1, 0, BOB));

    assertThat(lane(back(REROUTED, facts(0, 1, ANN, BOB)))).containsExactly(ANN);
    assertThat(back(REROUTED, facts(0, 1, ANN, BOB))).isEqualTo(Decision.NOTHING);
  }

  private Decision back(Return returned, MessageFacts facts) {
    return store(life.returned(facts, returned, state, HEALTHY, NOW));
  }

  private Decision due(MessageFacts facts) {
    return store(life.due(facts, LastAttempt.NONE, state, HEALTHY, NOW));
  }

  private void outcome(String recipient, OutcomeType type) {
    store(life.recorded(new OutcomeMark("m1", "default", recipient, type), 7, state));
  }

  /** As the router does: through its bytes. */
  private Decision store(Decision decision) {
    decision
        .state()
        .ifPresent(
            next -> state = Optional.of(MessageStateCodec.read(MessageStateCodec.write(next))));
    assertThat(decision.state()).isIn(Optional.empty(), state);
    return decision;
  }

  private static List<String> lane(Decision decision) {
    assertThat(decision.emissions()).singleElement().isInstanceOf(Emission.ToLane.class);
    return ((Emission.ToLane) decision.emissions().getFirst()).facts().envelope().forwardPaths();
  }

  private static List<String> scheduled(Decision decision) {
    assertThat(decision.emissions()).singleElement().isInstanceOf(Emission.ToSchedule.class);
    return ((Emission.ToSchedule) decision.emissions().getFirst())
        .facts()
        .envelope()
        .forwardPaths();
  }

  private static MessageFacts facts(int attempt, int hops, String... recipients) {
    return new MessageFacts(
        "m1",
        "default",
        new Envelope("shop@example.com", List.of(recipients)),
        ContentType.JSON,
        NOW,
        Optional.empty(),
        Optional.empty(),
        attempt,
        hops,
        Optional.empty());
  }
}
