package io.tandemmail.console;

import io.tandemmail.console.ClusterStatus.RouteStatus;
import io.tandemmail.model.conservation.RouteCounts;
import io.tandemmail.runtime.lanes.LaneLag;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Adds up the routers' counts and the lanes' lag, and remembers a minute of differences. */
final class Conservation {
  private static final Duration WINDOW = Duration.ofSeconds(60);

  private final Map<String, Deque<Difference>> history = new HashMap<>();

  private record Difference(Instant at, long messages) {}

  List<RouteStatus> read(
      Collection<String> routes, Collection<RouteCounts> counts, List<LaneLag> lanes, Instant now) {
    List<RouteStatus> all = new ArrayList<>();
    for (String route : routes) {
      long accepted = 0;
      long delivered = 0;
      long failed = 0;
      long waiting = 0;
      for (RouteCounts count : counts) {
        if (count.route().equals(route)) {
          accepted += count.accepted();
          delivered += count.delivered();
          failed += count.failed();
          waiting += count.scheduled();
        }
      }
      for (LaneLag lane : lanes) {
        waiting += lane.route().equals(route) ? lane.lag() : 0;
      }
      long open = accepted - delivered - failed;
      long unaccounted = least(route, open - waiting, now);
      // Lag counts the markers of the router's transactions, too; no more messages wait than are
      // open.
      long shown = Math.clamp(waiting, 0, Math.max(0, open));
      all.add(new RouteStatus(route, accepted, delivered, failed, shown, unaccounted));
    }
    return all;
  }

  /** Zero until a whole minute has been watched: the readings of counts and lag are never of the same instant. */
  private long least(String route, long difference, Instant now) {
    Deque<Difference> seen = history.computeIfAbsent(route, id -> new ArrayDeque<>());
    seen.add(new Difference(now, difference));
    boolean wholeWindow = seen.peekFirst().at().isBefore(now.minus(WINDOW));
    while (seen.size() > 1 && seen.peekFirst().at().isBefore(now.minus(WINDOW))) {
      seen.removeFirst();
    }
    long least = seen.stream().mapToLong(Difference::messages).min().orElse(0);
    return wholeWindow ? Math.max(0, least) : 0;
  }
}
