package io.tandemmail.router.health;

import io.tandemmail.model.server.ServerObservation;
import io.tandemmail.model.server.ServerObservation.Kind;
import io.tandemmail.model.server.ServerObservation.Load;
import io.tandemmail.model.server.ServerState;
import io.tandemmail.model.settings.HealthSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/**
 * The health machine and a server it measures, in steps of 100 ms: mail arrives at a steady rate, the share of the server
 * decides how much of it joins its lane, the server takes what its capacity allows, and three workers report what they see
 * twice a second. Whatever the share leaves goes to a secondary with room for all.
 */
final class ClosedLoop {
  private static final Instant START = Instant.parse("2026-11-24T10:00:00Z");
  private static final int STEP_MILLIS = 100;
  private static final int REPORTERS = 3;
  private static final int CONNECTIONS = 10;

  private final HealthMachine machine = new HealthMachine(HealthSettings.DEFAULT);
  private final double arrivalsPerSecond;
  private final DoubleUnaryOperator capacity;
  private ServerTrack track = ServerTrack.fresh("a");
  private double backlog;
  private double taken;
  private long millis;

  /**
   * @param capacity messages per second at a time in seconds
   */
  ClosedLoop(double arrivalsPerSecond, DoubleUnaryOperator capacity) {
    this.arrivalsPerSecond = arrivalsPerSecond;
    this.capacity = capacity;
  }

  /** What could be seen at a second. */
  record Point(int second, int share, double drainSeconds, double backlog, ServerState state) {}

  List<Point> run(Duration length) {
    List<Point> points = new ArrayList<>();
    while (millis < length.toMillis()) {
      double seconds = millis / 1_000.0;
      double able = capacity.applyAsDouble(seconds);
      double dt = STEP_MILLIS / 1_000.0;
      backlog += arrivalsPerSecond * dt * track.health().share() / 100;
      double gone = Math.min(backlog, able * dt);
      backlog -= gone;
      taken += gone;
      millis += STEP_MILLIS;
      Instant now = START.plusMillis(millis);
      if (millis % 500 == 0) {
        report(now, 1_000 * CONNECTIONS / able);
      }
      if (machine.nextTick(track).filter(at -> !at.isAfter(now)).isPresent()) {
        track = machine.tick(track, now);
      }
      if (millis % 1_000 == 0) {
        points.add(
            new Point(
                (int) (millis / 1_000),
                track.health().share(),
                backlog / able,
                backlog,
                track.health().state()));
      }
    }
    return points;
  }

  ServerTrack track() {
    return track;
  }

  private void report(Instant now, double latencyMillis) {
    for (int reporter = 0; reporter < REPORTERS; reporter++) {
      // Each has its own part, and none counts alike.
      double part = (reporter + 1) / 6.0;
      double wobble = 1 + 0.2 * Math.sin(millis / 370.0 + reporter);
      Load load =
          new Load(
              Math.round(backlog * part * wobble),
              2 * taken * part * (2 - wobble),
              latencyMillis * wobble);
      track =
          machine.observe(
              track,
              new ServerObservation(
                      "a",
                      "w" + reporter,
                      now,
                      Kind.PASSIVE,
                      (int) Math.round(taken * part),
                      0,
                      0,
                      "")
                  .withLoad(load),
              now);
    }
    taken = 0;
  }
}
