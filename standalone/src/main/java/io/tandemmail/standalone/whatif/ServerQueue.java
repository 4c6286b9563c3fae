package io.tandemmail.standalone.whatif;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What waits for one server, first in first out over all its routes, worked off under its cap. */
final class ServerQueue {
  /** Whole messages leave; what a second's allowance has beyond them is kept in millionths, so that nothing drifts. */
  private static final long ONE_MESSAGE = 1_000_000;

  /** A thousand million messages per second: as good as no cap. */
  private static final double ALLOWANCE_MAX = 1e15;

  private final long allowancePerSecond;
  private final Deque<Batch> waiting = new ArrayDeque<>();
  private final SortedMap<String, Long> waitingByRoute = new TreeMap<>();
  private final SortedMap<String, Long> servedByRoute = new TreeMap<>();
  private long allowance;
  private long backlog;
  private int longestWaitSeconds;
  private long delayed;

  /** Messages of a route that arrived in the same second. */
  record Batch(String route, int arrivedInSecond, long messages) {}

  ServerQueue(ServerCap cap) {
    allowancePerSecond = (long) Math.min(Math.rint(cap.perSecond() * ONE_MESSAGE), ALLOWANCE_MAX);
  }

  void add(Batch batch) {
    if (batch.messages() > 0) {
      waiting.addLast(batch);
      waitingByRoute.merge(batch.route(), batch.messages(), Long::sum);
      backlog += batch.messages();
    }
  }

  /** Takes out everything of a route, first in first out. */
  List<Batch> remove(String route) {
    List<Batch> removed = waiting.stream().filter(batch -> batch.route().equals(route)).toList();
    waiting.removeIf(batch -> batch.route().equals(route));
    backlog -= removed.stream().mapToLong(Batch::messages).sum();
    waitingByRoute.remove(route);
    return removed;
  }

  /** One second in service. */
  void serve(int second) {
    allowance += allowancePerSecond;
    while (backlog > 0 && allowance >= ONE_MESSAGE) {
      Batch oldest = waiting.removeFirst();
      long now = Math.min(oldest.messages(), allowance / ONE_MESSAGE);
      long rest = oldest.messages() - now;
      if (rest > 0) {
        waiting.addFirst(new Batch(oldest.route(), oldest.arrivedInSecond(), rest));
      }
      served(oldest, now, second);
    }
    // What an idle server does not use is gone: a cap holds in every second.
    allowance = Math.min(allowance, ONE_MESSAGE - 1);
  }

  private void served(Batch batch, long messages, int second) {
    allowance -= messages * ONE_MESSAGE;
    backlog -= messages;
    waitingByRoute.merge(batch.route(), -messages, Long::sum);
    servedByRoute.merge(batch.route(), messages, Long::sum);
    int wait = second - batch.arrivedInSecond();
    longestWaitSeconds = Math.max(longestWaitSeconds, wait);
    if (wait > 0) {
      delayed += messages;
    }
  }

  /** A second out of service. */
  void rest() {
    allowance = 0;
  }

  long backlog() {
    return backlog;
  }

  long waiting(String route) {
    return waitingByRoute.getOrDefault(route, 0L);
  }

  Map<String, Long> waitingByRoute() {
    return waitingByRoute;
  }

  long served(String route) {
    return servedByRoute.getOrDefault(route, 0L);
  }

  /** Messages that were served in a later second than they arrived in. */
  long delayed() {
    return delayed;
  }

  /**
   * @param second the one that would come next: what still waits has waited until then
   */
  int longestWaitSeconds(int second) {
    return waiting.stream()
        .mapToInt(batch -> second - batch.arrivedInSecond())
        .reduce(longestWaitSeconds, Math::max);
  }
}
