package io.tandemmail.model.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.model.outcome.Outcome;
import io.tandemmail.model.outcome.Outcome.LanePosition;
import io.tandemmail.model.outcome.OutcomeType;
import io.tandemmail.model.server.Drill;
import io.tandemmail.model.server.ServerHealth;
import io.tandemmail.model.server.ServerMode;
import io.tandemmail.model.server.ServerState;
import io.tandemmail.model.settings.HealthSettings;
import io.tandemmail.model.submission.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DrillTallyTest {
  private static final Instant START = Instant.parse("2026-11-25T10:00:00Z");
  private static final DrillBounds BOUNDS =
      new DrillBounds(Duration.ofSeconds(3), Duration.ofSeconds(3), Duration.ofMinutes(2));

  private final DrillPlan plan = plan(Drill.Kind.PRIMARY_LOSS, 100);
  private final DrillTally tally = new DrillTally(plan);

  @Test
  void aDrillThatGoesWell() {
    aLossNoticedAfter(800);
    outcome(OutcomeType.ACCEPTED, "new", "", 900);
    outcome(OutcomeType.REROUTED, "old", "a", 950);
    outcome(OutcomeType.DELIVERED, "new", "b", 1_000);
    delivered("old", "b", 1_200, START.minusSeconds(5));
    cameBackAt(10_000, 41_000);
    outcome(OutcomeType.DELIVERED, "next", "a", 12_000);

    DrillFigures figures = tally.figures();
    assertThat(figures.detection()).contains(Duration.ofMillis(800));
    assertThat(figures.evidence()).isEqualTo("5 faults");
    assertThat(figures.firstBySecondary()).contains(Duration.ofMillis(1_000));
    assertThat(figures.firstWaiting()).contains(Duration.ofMillis(1_200));
    assertThat(figures.restored()).contains(Duration.ofMillis(31_000));
    assertThat(figures.firstByPrimaryAgain()).contains(Duration.ofMillis(2_000));
    assertThat(figures.moved()).isEqualTo(1);
    assertThat(figures.deliveredBy()).isEqualTo(Map.of("a", 1L, "b", 2L));
    assertThat(figures.leastShare()).isZero();
    assertThat(BOUNDS.missed(plan, figures)).isEmpty();
  }

  @Test
  void whatIsLateLostOrTwiceIsNamed() {
    aLossNoticedAfter(3_001);
    outcome(OutcomeType.ACCEPTED, "lost", "", 900);
    outcome(OutcomeType.DELIVERED, "twice", "b", 3_500);
    outcome(OutcomeType.DELIVERED, "twice", "b", 3_600);
    cameBackAt(10_000, 200_000);

    assertThat(BOUNDS.missed(plan, tally.figures()))
        .containsExactly(
            "detection took 3001 ms, more than 3000 ms",
            "the first delivery by a secondary took 3500 ms, more than 3000 ms",
            "the way back took 190000 ms, more than 120000 ms",
            "1 recipient without a final outcome",
            "1 recipient delivered twice");
  }

  /** Steps of a second, the third in a row cuts; all of a share of ten is given back in less than forty. */
  @Test
  void anOverloadHasTheTimeThatItsStepsTake() {
    DrillPlan overload = plan(Drill.Kind.OVERLOAD, 100);
    DrillTally counted = new DrillTally(overload);
    counted.health(health(ServerState.UP, 100, Optional.of(overload.at(START)), START), START);
    Instant cut = START.plusMillis(4_000);
    counted.health(health(ServerState.OVERLOADED, 50, Optional.of(overload.at(START)), cut), cut);
    counted.outcome(
        made(OutcomeType.DELIVERED, "new", "b", START.plusMillis(4_100), START.plusMillis(4_050)));
    counted.endOrdered(START.plusSeconds(14));
    Instant back = START.plusSeconds(14 + 40);
    counted.health(health(ServerState.UP, 100, Optional.empty(), back), back);

    HealthSettings hasty =
        new HealthSettings(
            Duration.ofMillis(300),
            3,
            2,
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(5),
            Duration.ofSeconds(10));
    assertThat(DrillBounds.of(hasty, Drill.Kind.OVERLOAD).missed(overload, counted.figures()))
        .isEmpty();
    assertThat(DrillBounds.of(hasty, Drill.Kind.PRIMARY_LOSS).missed(overload, counted.figures()))
        .hasSize(3);
  }

  @Test
  void withoutMailNothingWasRehearsed() {
    aLossNoticedAfter(800);
    cameBackAt(10_000, 20_000);
    assertThat(BOUNDS.missed(plan, tally.figures()))
        .singleElement()
        .asString()
        .contains("run it under load");
  }

  @Test
  void whatWasNotSeenIsMissed() {
    health(ServerState.UP, 100, true, START);
    assertThat(BOUNDS.missed(plan, tally.figures()))
        .containsExactly(
            "the loss of a was not detected",
            "no mail of the route flowed or waited, so nothing was rehearsed; run it under load",
            "a has not got its whole share back; see tandem status");
  }

  @Test
  void otherRoutesOtherServersAndAnotherDrillDoNotCount() {
    tally.health(
        new ServerHealth(
            "a",
            ServerState.UP,
            100,
            1,
            START,
            "",
            ServerMode.AUTO,
            List.of(),
            Optional.of(plan(Drill.Kind.DRAIN, 5).at(START)).map(DrillTallyTest::another),
            false),
        START);
    assertThat(tally.hasBegun()).isFalse();
    health(ServerState.UP, 100, true, START);
    tally.health(new ServerHealth("b", ServerState.DOWN, 0, 1, START, "", ServerMode.AUTO), START);
    assertThat(tally.isDetected()).isFalse();
  }

  @Test
  void aCanaryIsNoticedWhenTheOrderIsInForce() {
    DrillPlan canary = plan(Drill.Kind.PRIMARY_LOSS, 5);
    DrillTally counted = new DrillTally(canary);
    ServerHealth drilled =
        new ServerHealth(
            "a",
            ServerState.UP,
            100,
            1,
            START.minusSeconds(3_000),
            "",
            ServerMode.AUTO,
            List.of(),
            Optional.of(canary.at(START)),
            false);
    counted.health(drilled, START.plusMillis(40));
    assertThat(counted.figures().detection()).contains(Duration.ofMillis(40));
  }

  private void aLossNoticedAfter(long millis) {
    health(ServerState.UP, 100, true, START.minusSeconds(60));
    health(ServerState.DOWN, 0, true, START.plusMillis(millis));
  }

  private void cameBackAt(long endMillis, long upMillis) {
    tally.endOrdered(START.plusMillis(endMillis));
    health(ServerState.DOWN, 0, false, START.plusMillis(endMillis));
    health(ServerState.RECOVERING, 10, false, START.plusMillis(endMillis + 1_000));
    assertThat(tally.isRestored()).isFalse();
    health(ServerState.UP, 100, false, START.plusMillis(upMillis));
    assertThat(tally.isRestored()).isTrue();
  }

  private void health(ServerState state, int share, boolean drilled, Instant since) {
    tally.health(
        health(state, share, drilled ? Optional.of(plan.at(START)) : Optional.empty(), since),
        since);
  }

  private static ServerHealth health(
      ServerState state, int share, Optional<Drill> drill, Instant since) {
    return new ServerHealth(
        "a", state, share, 1, since, "5 faults", ServerMode.AUTO, List.of(), drill, false);
  }

  private void outcome(OutcomeType type, String id, String server, long millis) {
    tally.outcome(made(type, id, server, START.plusMillis(millis), START.plusMillis(millis - 50)));
  }

  private void delivered(String id, String server, long millis, Instant submittedAt) {
    tally.outcome(made(OutcomeType.DELIVERED, id, server, START.plusMillis(millis), submittedAt));
  }

  private static Outcome made(
      OutcomeType type, String id, String server, Instant at, Instant submittedAt) {
    return new Outcome(
        id,
        "default",
        "ann@example.net",
        type,
        1,
        server.isEmpty()
            ? Optional.empty()
            : Optional.of(new LanePosition(server, Role.PRIMARY, 0, 1)),
        Optional.empty(),
        Optional.empty(),
        at,
        submittedAt,
        Optional.empty());
  }

  private static Drill another(Drill drill) {
    return new Drill(
        "other", drill.route(), drill.kind(), drill.canaryPercent(), drill.from(), drill.until());
  }

  private static DrillPlan plan(Drill.Kind kind, int canary) {
    return new DrillPlan("d-1", "default", "a", List.of("b"), kind, canary, Duration.ofSeconds(10));
  }
}
