package io.tandemmail.router.health;

import io.tandemmail.model.server.Drill;
import io.tandemmail.model.server.DrillOrder;
import io.tandemmail.model.server.ServerHealth;
import java.time.Instant;
import java.util.Optional;

/** When a drill stands in a server's health: one at a time, and none for longer than it said. */
public final class DrillRules {
  private DrillRules() {}

  public static ServerTrack order(ServerTrack track, DrillOrder order, Instant now) {
    ServerTrack current = expire(track, now);
    ServerHealth health = current.health();
    return switch (order) {
      case DrillOrder.Begin begin ->
          health.drill().isPresent() || !begin.drill().until().isAfter(now)
              ? current
              : current.with(health.drilled(Optional.of(begin.drill())));
      case DrillOrder.End end ->
          health.drill().filter(drill -> drill.id().equals(end.drillId())).isPresent()
              ? current.with(health.drilled(Optional.empty()))
              : current;
    };
  }

  /** What time alone changes. */
  public static ServerTrack expire(ServerTrack track, Instant now) {
    return nextExpiry(track).filter(until -> !until.isAfter(now)).isPresent()
        ? track.with(track.health().drilled(Optional.empty()))
        : track;
  }

  /** Empty: never. */
  public static Optional<Instant> nextExpiry(ServerTrack track) {
    return track.health().drill().map(Drill::until);
  }
}
