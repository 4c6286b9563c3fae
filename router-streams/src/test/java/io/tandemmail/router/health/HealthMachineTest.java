package io.tandemmail.router.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.model.server.ServerCommand;
import io.tandemmail.model.server.ServerHealth;
import io.tandemmail.model.server.ServerMode;
import io.tandemmail.model.server.ServerObservation;
import io.tandemmail.model.server.ServerObservation.Kind;
import io.tandemmail.model.server.ServerState;
import io.tandemmail.model.settings.HealthSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HealthMachineTest {
  private static final Instant START = Instant.parse("2026-11-24T10:00:00Z");
  private static final HealthSettings SETTINGS =
      new HealthSettings(
          Duration.ofSeconds(1),
          5,
          3,
          Duration.ofSeconds(30),
          Duration.ofSeconds(5),
          Duration.ofMinutes(5),
          Duration.ofSeconds(10));

  private final HealthMachine machine = new HealthMachine(SETTINGS);
  private ServerTrack track = ServerTrack.fresh("mx-a");
  private Instant now = START;

  @Test
  void faultsInARowOfSeveralWorkersTakeAServerOutOfService() {
    fails("w1", 2);
    fails("w2", 2);
    assertThat(state()).isEqualTo(ServerState.UP);

    fails("w1", 3);

    assertThat(state()).isEqualTo(ServerState.DOWN);
    assertThat(track.health().share()).isZero();
    assertThat(track.health().evidence())
        .isEqualTo("5 faults in a row seen by 2 workers, last: refused");
  }

  @Test
  void aSuccessStartsTheCountAgain() {
    fails("w1", 4);
    succeeds("w1");
    fails("w1", 1);

    assertThat(state()).isEqualTo(ServerState.UP);
  }

  @Test
  void oneWorkersOwnNetworkTakesNoServerDown() {
    succeeds("w1");
    succeeds("w2");
    fails("w3", 50);

    assertThat(state()).isEqualTo(ServerState.UP);
  }

  /** It is out of reach for that worker; the first connection that breaks elsewhere is no outage. */
  @Test
  void oneWorkersOwnNetworkMakesNoOutageOfAnothersFirstFault() {
    for (int second = 0; second < 10; second++) {
      delivers("w1");
      delivers("w2");
      failsOnceMore("w3", second + 1);
      pass(Duration.ofSeconds(1));
    }

    fails("w1", 1);
    assertThat(state()).isEqualTo(ServerState.UP);

    fails("w1", 2);
    fails("w2", 2);
    assertThat(state()).as("an outage is one all the same").isEqualTo(ServerState.DOWN);
  }

  @Test
  void returnsOnlyAfterCoolDownProbesAndRamp() {
    fails("w1", 5);
    succeeds("w1");
    succeeds("w1");
    succeeds("w1");
    assertThat(state()).as("cool-down is not over").isEqualTo(ServerState.DOWN);

    pass(Duration.ofSeconds(5));
    succeeds("w1");
    assertThat(state()).isEqualTo(ServerState.RECOVERING);
    assertThat(track.health().share()).isEqualTo(10);

    pass(Duration.ofSeconds(15));
    assertThat(track.health().share()).isBetween(50, 60);

    pass(Duration.ofSeconds(15));
    assertThat(state()).isEqualTo(ServerState.UP);
    assertThat(track.health().share()).isEqualTo(100);
  }

  @Test
  void eachFlapDoublesTheCoolDown() {
    fails("w1", 5);
    Duration first = Duration.between(now, track.coolDownUntil());
    recover();
    fails("w1", 5);
    Duration second = Duration.between(now, track.coolDownUntil());

    assertThat(second).isEqualTo(first.multipliedBy(2));
  }

  @Test
  void aFlappingServerChangesItsStateABoundedNumberOfTimesPerHour() {
    int transitions = 0;
    for (int second = 0; second < 3600; second++) {
      ServerState before = state();
      if (second % 2 == 0) {
        fails("w1", 5);
      } else {
        succeeds("w1");
        succeeds("w1");
        succeeds("w1");
      }
      transitions += state() == before ? 0 : 1;
      pass(Duration.ofSeconds(1));
    }
    assertThat(transitions).isLessThan(40);
  }

  @Test
  void anOperatorsOrderOverrulesAndResumingRampsUp() {
    order(ServerMode.DRAINED);
    assertThat(state()).isEqualTo(ServerState.DRAINED);
    succeeds("w1");
    fails("w1", 9);
    assertThat(state()).isEqualTo(ServerState.DRAINED);
    succeeds("w1");

    order(ServerMode.AUTO);
    assertThat(state()).isEqualTo(ServerState.RECOVERING);

    order(ServerMode.DOWN);
    pass(Duration.ofMinutes(10));
    succeeds("w1");
    succeeds("w1");
    succeeds("w1");
    assertThat(state()).as("ordered down stays down").isEqualTo(ServerState.DOWN);
  }

  @Test
  void theEpochGrowsWithEveryChangeAndTheShareStaysInBounds() {
    Random random = new Random(11);
    for (int i = 0; i < 50_000; i++) {
      ServerHealth before = track.health();
      switch (random.nextInt(6)) {
        case 0, 1 -> fails("w" + random.nextInt(3), 1 + random.nextInt(6));
        case 2, 3 -> succeeds("w" + random.nextInt(3));
        case 4 -> pass(Duration.ofMillis(random.nextInt(20_000)));
        default -> order(ServerMode.values()[random.nextInt(3)]);
      }
      ServerHealth after = track.health();
      if (!after.equals(before)) {
        assertThat(after.epoch()).isGreaterThan(before.epoch());
      }
      assertThat(after.inService()).isEqualTo(after.share() > 0);
    }
  }

  @Test
  void flapsAndCoolDownSurviveAChangeOfRouter() {
    fails("w1", 5);
    ServerTrack taken = ServerTrackCodec.read(ServerTrackCodec.write(track)).orElseThrow();

    assertThat(taken.health()).isEqualTo(track.health());
    assertThat(taken.coolDownUntil()).isEqualTo(track.coolDownUntil());
    assertThat(ServerTrackCodec.read(new byte[] {1, 2})).isEmpty();
  }

  private void recover() {
    for (int i = 0; i < 400 && state() != ServerState.UP; i++) {
      succeeds("w1");
      pass(Duration.ofSeconds(1));
    }
    assertThat(state()).isEqualTo(ServerState.UP);
  }

  private ServerState state() {
    return track.health().state();
  }

  private void fails(String reporter, int inARow) {
    fails(reporter, inARow, inARow);
  }

  private void failsOnceMore(String reporter, int inARow) {
    fails(reporter, 1, inARow);
  }

  private void fails(String reporter, int failed, int inARow) {
    track =
        machine.observe(
            track,
            new ServerObservation(
                "mx-a", reporter, now, Kind.PASSIVE, 0, failed, inARow, "refused"),
            now);
  }

  /**
   * Once up and once down a second, seen at the worst moments: every probe finds it up, all mail finds it down, and nobody
   * sees it otherwise. It falls at 0 s, on its way back at 6, 27, 108 and 409 s, and the next return would be after 709 s:
   * cool-downs of 5, 20, 80 and twice 300 s, each fall on the way back being two doublings.
   */
  @Test
  void flappingOnceASecondForTenMinutesGivesNineTransitions() {
    int transitions = 0;
    for (int half = 0; half < 1_200; half++) {
      ServerState before = state();
      if (half % 2 == 0) {
        if (track.health().inService()) {
          fails("w1", 5);
        }
      } else {
        succeeds("w1");
        succeeds("w1");
        succeeds("w1");
      }
      transitions += state() == before ? 0 : 1;
      ServerState atHalf = state();
      pass(Duration.ofMillis(500));
      transitions += state() == atHalf ? 0 : 1;
    }
    assertThat(transitions).isEqualTo(9);
  }

  @Test
  void aServerThatGreetsAndFailsAtTheDotLeavesServiceAndGetsItsProbeMail() {
    for (int message = 1; message <= 5; message++) {
      said(Kind.PASSIVE, 0, 1, message, "closed at final-dot");
      said(Kind.PROBE, 1, 0, message, "closed at final-dot");
    }
    assertThat(state()).isEqualTo(ServerState.DOWN);

    pass(Duration.ofSeconds(6));
    for (int probe = 0; probe < 3; probe++) {
      said(Kind.PROBE, 1, 0, 5, "closed at final-dot");
    }
    assertThat(state()).as("its old faults are known").isEqualTo(ServerState.RECOVERING);
    said(Kind.PASSIVE, 0, 1, 6, "closed at final-dot");
    assertThat(state()).as("one more is not five").isEqualTo(ServerState.RECOVERING);
    for (int more = 7; more <= 10; more++) {
      said(Kind.PASSIVE, 0, 1, more, "closed at final-dot");
    }
    assertThat(state()).isEqualTo(ServerState.DOWN);
  }

  @Test
  void aServerThatFailsHalfOfItsMailLeavesService() {
    for (int i = 0; i < 9; i++) {
      said(Kind.PASSIVE, 1, 1, 1, "421 at mail");
    }
    assertThat(state()).isEqualTo(ServerState.UP);

    said(Kind.PASSIVE, 1, 1, 1, "421 at mail");

    assertThat(state()).isEqualTo(ServerState.DOWN);
    assertThat(track.health().evidence())
        .isEqualTo("10 faults among 20 transactions of late seen by 1 worker, last: 421 at mail");
  }

  @Test
  void aServerThatFailsATenthOfItsMailStays() {
    for (int i = 0; i < 100; i++) {
      said(Kind.PASSIVE, 9, 1, 1, "421 at mail");
      pass(Duration.ofMillis(500));
    }
    assertThat(state()).isEqualTo(ServerState.UP);
  }

  @Test
  void anAvoidedAddressIsSaidOfAServerThatIsWell() {
    said(Kind.PROBE, 1, 0, 0, "1 of 4 addresses avoided: 192.0.2.3 (refused)");
    assertThat(track.health().evidence())
        .isEqualTo("in service, but 1 of 4 addresses avoided: 192.0.2.3 (refused)");
    assertThat(state()).isEqualTo(ServerState.UP);
    long epoch = track.health().epoch();
    said(Kind.PROBE, 1, 0, 0, "1 of 4 addresses avoided: 192.0.2.3 (refused)");
    assertThat(track.health().epoch()).as("said once").isEqualTo(epoch);

    said(Kind.PROBE, 1, 0, 0, "");
    assertThat(track.health().evidence()).isEqualTo("nothing odd about it any more");
  }

  @Test
  void aServerThatFailsForOneWorkerOfThreeIsInServiceAndItIsSaidForWhom() {
    for (String worker : List.of("w1", "w2")) {
      track =
          machine.observe(
              track, new ServerObservation("mx-a", worker, now, Kind.PASSIVE, 1, 0, 0, ""), now);
    }
    fails("w3", 5);

    assertThat(state()).isEqualTo(ServerState.UP);
    assertThat(track.health().evidence()).isEqualTo("in service, but it fails for w3");
    long epoch = track.health().epoch();
    fails("w3", 9);
    assertThat(track.health().epoch()).as("said once").isEqualTo(epoch);
  }

  private void said(Kind kind, int succeeded, int failed, int inARow, String evidence) {
    ServerObservation seen =
        new ServerObservation("mx-a", "w1", now, kind, succeeded, failed, inARow, evidence);
    track = machine.observe(track, seen, now);
  }

  @Test
  void aTickAtTheTimesItAsksForIsAsGoodAsOneEveryMillisecond() {
    fails("w1", 5);
    pass(Duration.ofSeconds(6));
    for (int probe = 0; probe < SETTINGS.upAfterSuccesses(); probe++) {
      succeeds("w1");
    }
    track = track.withFlaps(2);
    ServerTrack alwaysTicked = track;
    long ticks = 0;

    for (long milli = 0; milli < 340_000; milli++) {
      now = now.plusMillis(1);
      alwaysTicked = machine.tick(alwaysTicked, now);
      if (machine.nextTick(track).filter(at -> !at.isAfter(now)).isPresent()) {
        track = machine.tick(track, now);
        ticks++;
      }
      assertThat(track).isEqualTo(alwaysTicked);
    }

    assertThat(state()).isEqualTo(ServerState.UP);
    assertThat(track.flaps()).isZero();
    assertThat(machine.nextTick(track)).isEmpty();
    assertThat(ticks).isEqualTo(10);
  }

  private void succeeds(String reporter) {
    succeeds(reporter, Kind.PROBE);
  }

  private void delivers(String reporter) {
    succeeds(reporter, Kind.PASSIVE);
  }

  private void succeeds(String reporter, Kind kind) {
    track =
        machine.observe(
            track, new ServerObservation("mx-a", reporter, now, kind, 1, 0, 0, ""), now);
  }

  private void order(ServerMode mode) {
    track = machine.command(track, new ServerCommand("mx-a", mode, "ann", "test", now), now);
  }

  private void pass(Duration time) {
    now = now.plus(time);
    track = machine.tick(track, now);
  }
}
