package io.tandemmail.router.life;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.model.doubt.InDoubtPolicy;
import io.tandemmail.model.doubt.Resolution;
import io.tandemmail.model.doubt.Resolution.As;
import io.tandemmail.model.outcome.Outcome;
import io.tandemmail.model.outcome.OutcomeMark;
import io.tandemmail.model.outcome.OutcomeType;
import io.tandemmail.model.server.ServerHealth;
import io.tandemmail.model.server.ServerMode;
import io.tandemmail.model.server.ServerState;
import io.tandemmail.model.settings.RouteSettings;
import io.tandemmail.model.settings.RouteSettings.Bounces;
import io.tandemmail.model.settings.RouteSettings.Dsn;
import io.tandemmail.model.settings.RouteSettings.Retry;
import io.tandemmail.model.submission.ContentType;
import io.tandemmail.model.submission.Envelope;
import io.tandemmail.model.submission.LastAttempt;
import io.tandemmail.model.submission.LastAttempt.Doubt;
import io.tandemmail.model.submission.MessageFacts;
import io.tandemmail.model.submission.ReturnReason;
import io.tandemmail.router.life.Decision.Emission;
import io.tandemmail.router.life.MessageLife.Held;
import io.tandemmail.router.life.MessageLife.Return;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Rule 10: a recipient in doubt is sent again to the same server, to any, or waits for an operator, as its route says. */
class InDoubtTest {
  private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");
  private static final Instant SOON = NOW.plusMillis(500);
  private static final Instant UNTIL = NOW.plus(Retry.DEFAULT.giveUpAfter());
  private static final String ANN = "ann@example.net";
  private static final String BOB = "bob@example.net";
  private static final LastAttempt ANN_AT_B =
      new LastAttempt(Optional.empty(), Optional.of(new Doubt("b", List.of(ANN))));
  private final Set<String> down = new HashSet<>();
  private final Surroundings around = new Surroundings(this::health, recipient -> Optional.empty());
  private MessageLife life = life(InDoubtPolicy.HOLD);
  private Optional<MessageState> state =
      life.admit(facts(0, ANN, BOB), Optional.empty(), around, NOW).state();

  @Test
  void theServerInDoubtIsTriedAgainWhateverHealthWouldChooseAndWhateverIsToBeAvoided() {
    life = life(InDoubtPolicy.RESEND_SAME_SERVER);
    LastAttempt last = new LastAttempt(Optional.of("b"), ANN_AT_B.doubt());

    Decision waits = back(last, Optional.of(SOON), facts(1, ANN, BOB));
    assertThat(waits.emissions())
        .containsExactly(new Emission.ToSchedule(facts(1, ANN, BOB), SOON, last));
    assertThat(lanes(life.due(facts(1, ANN, BOB), last, state, around, SOON))).containsExactly("b");
  }

  @Test
  void anotherTakesItWhenTheServerInDoubtIsOutOfServiceOrNoLongerOfTheRoute() {
    life = life(InDoubtPolicy.RESEND_SAME_SERVER);
    down.add("b");
    assertThat(lanes(due(ANN_AT_B))).containsExactly("a");

    LastAttempt gone = new LastAttempt(Optional.empty(), Optional.of(new Doubt("x", List.of(ANN))));
    assertThat(lanes(due(gone))).containsExactly("a");
  }

  @Test
  void plainResendGoesWhereHealthSays() {
    life = life(InDoubtPolicy.RESEND);

    assertThat(lanes(due(ANN_AT_B))).containsExactly("a");
  }

  @Test
  void whoIsHeldWaitsForTheEndOfItsTimeAndTheOthersGoOn() {
    Decision decision = back(ANN_AT_B, Optional.empty(), facts(1, ANN, BOB));

    assertThat(decision.emissions())
        .contains(new Emission.ToSchedule(facts(1, ANN), UNTIL, ANN_AT_B));
    assertThat(types(decision)).containsExactly(OutcomeType.HELD);
    assertThat(lanes(decision)).containsExactly("a");
    assertThat(state.orElseThrow().heldAmong(facts(1, ANN, BOB), List.of())).containsExactly(ANN);
    assertThat(state.orElseThrow().ended()).isFalse();
  }

  @Test
  void whoIsHeldExpiresWithItsMessage() {
    back(ANN_AT_B, Optional.empty(), facts(1, ANN));

    Decision over = store(life.due(facts(1, ANN), ANN_AT_B, state, around, UNTIL));
    assertThat(types(over)).containsExactly(OutcomeType.EXPIRED);
    assertThat(lanes(over)).isEmpty();
    assertThat(state.orElseThrow().heldUntil()).isEmpty();
  }

  /** A worker sees no try before the end; whoever looks into the server's log may still come in time. */
  @Test
  void whoIsHeldIsNotExpiredBecauseNoRetryWouldBeInTime() {
    Decision decision =
        store(
            life.returned(
                facts(1, ANN),
                new Return(ReturnReason.EXPIRED, Optional.empty(), ANN_AT_B),
                state,
                around,
                NOW));

    assertThat(types(decision)).containsExactly(OutcomeType.HELD);
  }

  @Test
  void aResolutionEndsTheRecipientOnceAndSaysWhoAndWhy() {
    back(ANN_AT_B, Optional.empty(), facts(1, ANN));

    Decision first = resolve(As.DELIVERED, List.of(), facts(1, ANN));
    assertThat(types(first)).containsExactly(OutcomeType.RESOLVED, OutcomeType.DELIVERED);
    assertThat(events(first).getLast().reply().orElseThrow().text())
        .isEqualTo("in doubt, resolved as delivered by op: in its log");

    assertThat(types(resolve(As.FAILED, List.of(), facts(1, ANN)))).isEmpty();
  }

  @Test
  void onlyWhoIsNamedIsResolvedAndTheOthersStayHeld() {
    LastAttempt both =
        new LastAttempt(Optional.empty(), Optional.of(new Doubt("b", List.of(ANN, BOB))));
    back(both, Optional.empty(), facts(1, ANN, BOB));

    Decision decision = resolve(As.FAILED, List.of(BOB), facts(1, ANN, BOB));
    assertThat(events(decision)).extracting(Outcome::recipient).containsExactly(BOB, BOB);
    assertThat(types(decision)).containsExactly(OutcomeType.RESOLVED, OutcomeType.BOUNCED);
    assertThat(decision.emissions())
        .filteredOn(Emission.ToSchedule.class::isInstance)
        .singleElement()
        .isInstanceOfSatisfying(
            Emission.ToSchedule.class,
            again -> {
              assertThat(again.due()).isEqualTo(UNTIL);
              assertThat(again.facts()).isEqualTo(facts(1, ANN));
            });
    assertThat(state.orElseThrow().heldAmong(facts(1, ANN, BOB), List.of())).containsExactly(ANN);
  }

  @Test
  void resendReleasesItToTheServerInDoubtAndItsNextReturnIsTaken() {
    back(ANN_AT_B, Optional.empty(), facts(1, ANN));

    Decision released = resolve(As.RESEND, List.of(ANN), facts(1, ANN));
    assertThat(types(released)).containsExactly(OutcomeType.RESOLVED);
    assertThat(lanes(released)).containsExactly("b");
    assertThat(state.orElseThrow().heldUntil()).isEmpty();
    assertThat(back(LastAttempt.NONE, Optional.of(SOON), facts(2, ANN)).emissions()).hasSize(1);
  }

  @Test
  void whoEndedOtherwiseMeanwhileIsNotEndedAgain() {
    back(ANN_AT_B, Optional.empty(), facts(1, ANN));
    store(life.recorded(new OutcomeMark("m1", "default", ANN, OutcomeType.DELIVERED), 7, state));

    assertThat(resolve(As.FAILED, List.of(), facts(1, ANN)).emissions()).isEmpty();
  }

  @Test
  void theSenderIsToldOfAFailureThatAnOperatorFound() {
    life =
        new MessageLife(
            Map.of(
                "default",
                route(InDoubtPolicy.HOLD).withBounces(new Bounces(Dsn.FAILURES, false, false))));
    back(ANN_AT_B, Optional.empty(), facts(1, ANN));

    assertThat(resolve(As.FAILED, List.of(), facts(1, ANN)).emissions())
        .filteredOn(Emission.Report.class::isInstance)
        .hasSize(1);
  }

  @Test
  void whatKilledItsWorkersIsRejectedForWhoIsOpen() {
    store(life.recorded(new OutcomeMark("m1", "default", BOB, OutcomeType.DELIVERED), 7, state));

    Decision decision =
        store(
            life.returned(
                facts(1, ANN, BOB),
                new Return(ReturnReason.QUARANTINED, Optional.empty()),
                state,
                around,
                NOW));

    assertThat(decision.emissions().getFirst())
        .isInstanceOfSatisfying(
            Emission.Reject.class, reject -> assertThat(reject.facts()).isEqualTo(facts(1, ANN)));
    assertThat(events(decision)).extracting(Outcome::recipient).containsExactly(ANN);
    assertThat(types(decision)).containsExactly(OutcomeType.REJECTED);
  }

  private Decision back(LastAttempt last, Optional<Instant> notBefore, MessageFacts facts) {
    Return deferred = new Return(ReturnReason.DEFERRED, notBefore, last);
    return store(life.returned(facts, deferred, state, around, NOW));
  }

  private Decision due(LastAttempt last) {
    return life.due(facts(1, ANN), last, state, around, NOW);
  }

  private Decision resolve(As as, List<String> named, MessageFacts entry) {
    Resolution resolution = new Resolution("m1", named, as, "op", Optional.of("in its log"));
    Held held = new Held(entry, ANN_AT_B.doubt().orElseThrow(), UNTIL);
    return store(life.resolved(held, resolution, state.orElseThrow(), around, NOW));
  }

  private Decision store(Decision decision) {
    decision
        .state()
        .ifPresent(
            next -> state = Optional.of(MessageStateCodec.read(MessageStateCodec.write(next))));
    assertThat(decision.state()).isIn(Optional.empty(), state);
    return decision;
  }

  private ServerHealth health(String server) {
    return down.contains(server)
        ? new ServerHealth(server, ServerState.DOWN, 0, 5, NOW, "", ServerMode.AUTO)
        : ServerHealth.unknown(server);
  }

  private static MessageLife life(InDoubtPolicy policy) {
    return new MessageLife(Map.of("default", route(policy)));
  }

  private static RouteSettings route(InDoubtPolicy policy) {
    return new RouteSettings("default", "a", List.of("b"), Retry.DEFAULT).withInDoubt(policy);
  }

  private static List<Outcome> events(Decision decision) {
    return decision.emissions().stream()
        .filter(Emission.Event.class::isInstance)
        .map(it -> ((Emission.Event) it).outcome())
        .toList();
  }

  private static List<OutcomeType> types(Decision decision) {
    return events(decision).stream().map(Outcome::type).toList();
  }

  private static List<String> lanes(Decision decision) {
    return decision.emissions().stream()
        .filter(Emission.ToLane.class::isInstance)
        .map(it -> ((Emission.ToLane) it).assignment().server())
        .toList();
  }

  private static MessageFacts facts(int attempt, String... recipients) {
    return new MessageFacts(
        "m1",
        "default",
        new Envelope("", List.of(recipients)),
        ContentType.JSON,
        NOW,
        Optional.empty(),
        Optional.empty(),
        attempt,
        0,
        Optional.empty());
  }
}
