package io.tandemmail.e2e;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * When this JVM did not get to run. What waits at a socket meanwhile is seen all at once afterwards; a test that counts what
 * comes in a second has to know by how much a time it noted may be too late. A virtual thread, as those of the sinks are.
 */
final class Pauses implements AutoCloseable {
  private static final Duration BEAT = Duration.ofMillis(5);

  /** For those behind it in the same queue. */
  private static final Duration AFTERMATH = Duration.ofMillis(20);

  private final Deque<Pause> seen = new ArrayDeque<>();
  private final Thread heart;

  private record Pause(Instant end, Duration length) {}

  Pauses() {
    heart = Thread.ofVirtual().name("pauses").start(this::beat);
  }

  private void beat() {
    try {
      while (true) {
        long before = System.nanoTime();
        Thread.sleep(BEAT);
        Duration late = Duration.ofNanos(System.nanoTime() - before).minus(BEAT);
        if (late.compareTo(BEAT) > 0) {
          synchronized (seen) {
            seen.addLast(new Pause(Instant.now(), late));
          }
        }
      }
    } catch (InterruptedException over) {
      Thread.currentThread().interrupt();
    }
  }

  /** By how much something noted at this time may have come earlier. */
  Duration before(Instant noted) {
    synchronized (seen) {
      return seen.stream()
          .filter(pause ->
              !noted.isBefore(pause.end.minus(pause.length))
                  && !noted.isAfter(pause.end.plus(AFTERMATH)))
          .map(Pause::length)
          .max(Duration::compareTo)
          .orElse(Duration.ZERO);
    }
  }

  /** How long it stood still in this time, all in all. */
  Duration within(Instant from, Instant to) {
    synchronized (seen) {
      return seen.stream()
          .filter(pause -> pause.end.isAfter(from) && pause.end.minus(pause.length).isBefore(to))
          .map(Pause::length)
          .reduce(Duration.ZERO, Duration::plus);
    }
  }

  Duration longest() {
    synchronized (seen) {
      return seen.stream().map(Pause::length).max(Duration::compareTo).orElse(Duration.ZERO);
    }
  }

  @Override
  public void close() {
    heart.interrupt();
  }
}
