package io.tandemmail.router.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.model.server.Drill;
import io.tandemmail.model.server.DrillOrder;
import io.tandemmail.model.server.ServerObservation;
import io.tandemmail.model.server.ServerState;
import io.tandemmail.model.settings.HealthSettings;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class DrillRulesTest {
  private static final Instant START = Instant.parse("2026-11-25T10:00:00Z");
  private static final Drill FIRST = drill("d-1", Drill.Kind.PRIMARY_LOSS);

  private final HealthMachine machine = new HealthMachine(HealthSettings.DEFAULT);

  @Test
  void oneAtATimeAndEndedByItsOwnName() {
    ServerTrack drilled = begin(ServerTrack.fresh("a"), FIRST, START);
    assertThat(drilled.health().drill()).contains(FIRST);
    assertThat(drilled.health().epoch()).isEqualTo(1);

    ServerTrack refused = begin(drilled, drill("d-2", Drill.Kind.DRAIN), START);
    assertThat(refused).isEqualTo(drilled);
    assertThat(end(drilled, "d-2")).isEqualTo(drilled);

    ServerTrack over = end(drilled, "d-1");
    assertThat(over.health().drill()).isEmpty();
    assertThat(over.health().epoch()).isEqualTo(2);
  }

  @Test
  void itEndsAtItsTimeWhoeverOrderedIt() {
    ServerTrack drilled = begin(ServerTrack.fresh("a"), FIRST, START);
    assertThat(DrillRules.nextExpiry(drilled)).contains(FIRST.until());
    assertThat(DrillRules.expire(drilled, FIRST.until().minusMillis(1))).isEqualTo(drilled);
    assertThat(DrillRules.expire(drilled, FIRST.until()).health().drill()).isEmpty();

    ServerTrack next = begin(drilled, drill("d-2", Drill.Kind.DRAIN, 120), FIRST.until());
    assertThat(next.health().drill()).map(Drill::id).contains("d-2");
  }

  @Test
  void anOrderThatComesAfterItsTimeIsNotObeyed() {
    ServerTrack fresh = ServerTrack.fresh("a");
    assertThat(begin(fresh, FIRST, FIRST.until())).isEqualTo(fresh);
  }

  @Test
  void theLossIsFoundOutKeepsTheDrillAndIsNoFlap() {
    ServerTrack track = begin(ServerTrack.fresh("a"), FIRST, START);
    for (int i = 0; i < 3; i++) {
      track = machine.observe(track, failing(), START.plusMillis(300));
    }
    assertThat(track.health().state()).isEqualTo(ServerState.DOWN);
    assertThat(track.health().drill()).contains(FIRST);
    assertThat(track.flaps()).isZero();
  }

  @Test
  void anOverloadIsShedInStepsUntilItIsOver() {
    ServerTrack track = begin(ServerTrack.fresh("a"), drill("d-3", Drill.Kind.OVERLOAD), START);
    Instant now = START;
    for (int i = 0; i < 20; i++) {
      now = now.plusSeconds(1);
      track = machine.observe(track, working(), now);
    }
    assertThat(track.health().state()).isEqualTo(ServerState.OVERLOADED);
    assertThat(track.health().share()).isLessThanOrEqualTo(25);
    assertThat(track.health().evidence()).contains("rehearsed by d-3");

    track = end(track, "d-3");
    for (int i = 0; i < 60; i++) {
      now = now.plusSeconds(1);
      track = machine.tick(machine.observe(track, working(), now), now);
    }
    assertThat(track.health().state()).isEqualTo(ServerState.UP);
    assertThat(track.health().share()).isEqualTo(100);
  }

  private static ServerTrack begin(ServerTrack track, Drill drill, Instant now) {
    return DrillRules.order(track, new DrillOrder.Begin("a", drill, "ann", "", now), now);
  }

  private static ServerTrack end(ServerTrack track, String id) {
    return DrillRules.order(track, new DrillOrder.End("a", id, "ann", START), START.plusSeconds(1));
  }

  private static Drill drill(String id, Drill.Kind kind) {
    return drill(id, kind, 70);
  }

  private static Drill drill(String id, Drill.Kind kind, int seconds) {
    return new Drill(id, "default", kind, 100, START, START.plus(Duration.ofSeconds(seconds)));
  }

  private static ServerObservation failing() {
    return new ServerObservation(
        "a", "w1", START, ServerObservation.Kind.PASSIVE, 0, 5, 5, "refused");
  }

  private static ServerObservation working() {
    return new ServerObservation("a", "w1", START, ServerObservation.Kind.PASSIVE, 5, 0, 0, "");
  }
}
