package io.tandemmail.router.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.model.server.ServerObservation;
import io.tandemmail.model.server.ServerObservation.Load;
import io.tandemmail.model.server.ServerState;
import io.tandemmail.model.settings.HealthSettings;
import io.tandemmail.router.health.ClosedLoop.Point;
import java.time.Duration;
import java.time.Instant;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The loop of share and load is closed here: what the machine decides is what the server then has to take. */
class OverloadTest {
  private static final double OFFERED = 100;
  private static final double ABLE = 120;
  private static final int SLOW_FROM = 30;
  private static final int SLOW_TO = 90;

  /** A tenth of its speed for a minute. */
  static final DoubleUnaryOperator SLOW_FOR_A_MINUTE =
      second -> second >= SLOW_FROM && second < SLOW_TO ? ABLE / 10 : ABLE;

  @Test
  void aServerThatCanTakeAllIsLeftAlone() {
    assertThat(run(second -> ABLE, 600))
        .allMatch(point -> point.share() == 100 && point.state() == ServerState.UP);
  }

  @Test
  void aServerAtATenthOfItsSpeedShedsAndHasAllBackWithinAMinute() {
    List<Point> points = run(SLOW_FOR_A_MINUTE, 600);

    assertThat(at(points, SLOW_FROM + 12).share()).as("shed in time").isLessThanOrEqualTo(15);
    assertThat(at(points, SLOW_FROM + 12).state()).isEqualTo(ServerState.OVERLOADED);
    assertThat(points.stream().mapToDouble(Point::backlog).max().orElseThrow())
        .as("most that ever waited")
        .isLessThan(6 * OFFERED);
    assertThat(at(points, SLOW_TO + 60).share()).isGreaterThan(95);
    assertThat(swing(points, backAt(points), 600)).isZero();
    assertThat(points.getLast().state()).isEqualTo(ServerState.UP);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.3, 0.6, 0.85})
  void aServerThatTakesAPartForGoodSettles(double part) {
    List<Point> points = run(second -> second < SLOW_FROM ? ABLE : part * OFFERED, 1_200);

    assertThat(swing(points, 240, 1_200))
        .as("share of the last 16 minutes")
        .isLessThanOrEqualTo(20);
    assertThat(points.subList(240, 1_200)).allMatch(point -> point.drainSeconds() < 20);
    assertThat(points.subList(240, 1_200).stream().mapToInt(Point::share).average().orElseThrow())
        .as("used as far as it goes")
        .isBetween(90 * part, 103 * part);
  }

  @Test
  void aPeakSpillsOverAndIsTakenBack() {
    List<Point> points = run(second -> second >= 30 && second < 150 ? 70 : ABLE, 600);

    assertThat(at(points, 149).share()).isBetween(45, 95);
    assertThat(at(points, 150 + 60).share()).isGreaterThan(95);
    assertThat(swing(points, 150 + 60, 600)).isZero();
  }

  /** As in OverloadIT: half of its mail is what a server at a tenth of its speed can take. */
  @Test
  void aServerThatIsStillSlowIsAskedForNoMoreThanItTakes() {
    List<Point> points =
        new ClosedLoop(73, second -> second >= SLOW_FROM && second < 600 ? 40 : 400)
            .run(Duration.ofSeconds(700));

    assertThat(swing(points, SLOW_FROM + 120, 600)).as("share while it is slow").isLessThan(20);
    double used =
        points.subList(SLOW_FROM + 40, 600).stream().mapToInt(Point::share).average().orElseThrow();
    assertThat(used).as("share while it is slow, of 55 that it can take").isGreaterThan(45);
    assertThat(at(points, 600 + 60).share()).isGreaterThan(95);
  }

  @Test
  void slowTransactionsAloneAreEnough() {
    // Ten times the connections' time, but the lane never fills: the secondary is faster than this.
    List<Point> points =
        new ClosedLoop(5, second -> second < 60 ? ABLE : ABLE / 10).run(Duration.ofSeconds(90));

    assertThat(at(points, 90).drainSeconds()).isLessThan(1);
    assertThat(at(points, 90).share()).isLessThan(50);
  }

  @Test
  void aServerThatStaysSlowIsTakenForWhatItIs() {
    List<Point> points =
        new ClosedLoop(5, second -> second < 60 ? ABLE : ABLE / 6).run(Duration.ofMinutes(20));

    assertThat(points.getLast().share()).isEqualTo(100);
  }

  @Test
  void mailThatWaitedForTheFirstConnectionIsNoOverloadOnceItHasGone() {
    HealthMachine machine = new HealthMachine(HealthSettings.DEFAULT);
    ServerTrack track = ServerTrack.fresh("a");
    Instant now = Instant.parse("2026-11-24T10:00:00Z");
    for (int report = 0; report < 60; report++) {
      now = now.plusMillis(500);
      Load load = report < 4 ? new Load(5, 0, 0) : new Load(0, 5, 20);
      track =
          machine.observe(
              track,
              new ServerObservation("a", "w", now, ServerObservation.Kind.PASSIVE, 1, 0, 0, "")
                  .withLoad(load),
              now);
      assertThat(track.health().share()).as(track.health().evidence()).isEqualTo(100);
    }
  }

  @Test
  void theShareComesBackWhenAllReportersAreGone() {
    ClosedLoop loop = new ClosedLoop(OFFERED, second -> ABLE / 10);
    loop.run(Duration.ofSeconds(60));
    ServerTrack track = loop.track();
    assertThat(track.health().state()).isEqualTo(ServerState.OVERLOADED);
    HealthMachine machine = new HealthMachine(HealthSettings.DEFAULT);
    for (int tick = 0; tick < 120; tick++) {
      track = machine.tick(track, machine.nextTick(track).orElse(Instant.MAX));
    }
    assertThat(track.health().state()).isEqualTo(ServerState.UP);
  }

  static List<Point> run(DoubleUnaryOperator capacity, int seconds) {
    return new ClosedLoop(OFFERED, capacity).run(Duration.ofSeconds(seconds));
  }

  private static int backAt(List<Point> points) {
    return points.stream()
        .filter(point -> point.second() > SLOW_TO && point.share() > 95)
        .findFirst()
        .orElseThrow()
        .second();
  }

  private static Point at(List<Point> points, int second) {
    return points.get(second - 1);
  }

  private static int swing(List<Point> points, int from, int to) {
    IntSummaryStatistics shares =
        points.subList(from, to).stream().mapToInt(Point::share).summaryStatistics();
    return shares.getMax() - shares.getMin();
  }
}
