package io.tandemmail.console;

import io.tandemmail.model.server.ServerHealth;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The last changes of any server's health: what of the past still stands on the compacted topic, and all that came since.
 *
 * <p>The topic is read again after a failure; a change that was seen (its epoch is not above the server's last) is no news.
 */
public final class HealthHistory {
  static final int KEPT_MAX = 200;

  private final Deque<ServerHealth> kept = new ArrayDeque<>();
  private final Deque<ServerHealth> unannounced = new ArrayDeque<>();
  private final Map<String, Long> epochs = new HashMap<>();
  private boolean pastIsRead;

  /** Takes a record of the topic, in its order. */
  synchronized ServerHealth note(ServerHealth change) {
    Long last = epochs.get(change.server());
    if (last == null || change.epoch() > last) {
      epochs.put(change.server(), change.epoch());
      keep(kept, change);
      keep(unannounced, change);
    }
    return change;
  }

  /** What was noted since this was asked last, in order. The first time it is the past that was noted: no news. */
  synchronized List<ServerHealth> news() {
    List<ServerHealth> news = pastIsRead ? List.copyOf(unannounced) : List.of();
    pastIsRead = true;
    unannounced.clear();
    return news;
  }

  public synchronized List<ServerHealth> newestFirst() {
    List<ServerHealth> all = new ArrayList<>(kept.reversed());
    all.sort(Comparator.comparing(ServerHealth::since).reversed());
    return all;
  }

  private static void keep(Deque<ServerHealth> changes, ServerHealth change) {
    changes.addLast(change);
    if (changes.size() > KEPT_MAX) {
      changes.removeFirst();
    }
  }
}
