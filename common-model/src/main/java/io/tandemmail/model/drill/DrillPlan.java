package io.tandemmail.model.drill;

import io.tandemmail.model.server.Drill;
import io.tandemmail.model.settings.RouteSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * A drill that somebody wants.
 *
 * @param secondaries in order; at least one
 * @param hold how long mail keeps flowing through the secondary before the way back begins
 */
public record DrillPlan(
    String id,
    String route,
    String primary,
    List<String> secondaries,
    Drill.Kind kind,
    int canaryPercent,
    Duration hold) {
  /** How long a drill without an end lasts beyond its hold: the way there must fit in. */
  private static final Duration SPARE = Duration.ofSeconds(60);

  public DrillPlan {
    secondaries = List.copyOf(secondaries);
    Drill.requirePossible(kind, canaryPercent);
    if (secondaries.isEmpty()) {
      throw new IllegalArgumentException(
          "route " + route + " has no secondary; there is nothing to rehearse");
    }
  }

  public static DrillPlan of(
      String id, RouteSettings route, Drill.Kind kind, int canaryPercent, Duration hold) {
    return new DrillPlan(
        id, route.id(), route.primary(), route.secondaries(), kind, canaryPercent, hold);
  }

  /** Sorts by time. */
  public static String newId(Instant now) {
    return "drill-" + Long.toString(now.toEpochMilli(), 36);
  }

  /** Whether mail is only sent past the primary; then nothing is to be detected. */
  public boolean isWithdrawal() {
    return kind == Drill.Kind.DRAIN || canaryPercent < Drill.WHOLE_ROUTE;
  }

  public Drill at(Instant now) {
    return new Drill(id, route, kind, canaryPercent, now, now.plus(hold).plus(SPARE));
  }
}
