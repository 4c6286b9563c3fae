package io.tandemmail.simulation.world;

import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * What is to happen and when, in one order: by time, then by the order it was planned in. What a process planned dies with
 * it; what it planned while stopped happens when it goes on, in any order, as its threads would.
 */
public final class Agenda {
  private static final long START_MILLIS = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();
  private static final int RESUME_MILLIS = 20;

  private final PriorityQueue<Entry> entries =
      new PriorityQueue<>(Comparator.comparingLong(Entry::at).thenComparingLong(Entry::number));
  private final Chance chance;
  private long now;
  private long planned;
  private long steps;

  public Agenda(Chance chance) {
    this.chance = chance;
  }

  private record Entry(long at, long number, Actor actor, int incarnation, Runnable action) {}

  /** Milliseconds since the world began; what monotonic clocks show. */
  public long now() {
    return now;
  }

  /** What the process's clock on the wall shows. */
  public Instant wall(Actor actor) {
    return Instant.ofEpochMilli(START_MILLIS + now + actor.wallOffsetMillis());
  }

  public long steps() {
    return steps;
  }

  public void after(Actor actor, long delayMillis, Runnable action) {
    entries.add(new Entry(now + delayMillis, planned++, actor, actor.incarnation(), action));
  }

  /** Does the next thing of a living process; false when nothing is left. */
  public boolean step() {
    while (true) {
      Entry next = entries.poll();
      if (next == null) {
        return false;
      }
      now = Math.max(now, next.at);
      if (next.incarnation != next.actor.incarnation()) {
        continue;
      }
      if (next.actor.pausedUntil() > now) {
        long resumed = next.actor.pausedUntil() + chance.below(RESUME_MILLIS);
        entries.add(new Entry(resumed, planned++, next.actor, next.incarnation, next.action));
        continue;
      }
      steps++;
      next.action.run();
      return true;
    }
  }
}
