package io.tandemmail.smtp.engine;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Ends writes that a server does not take: a blocking write has no time-out of its own, and a server that stops reading
 * would hold its connection for ever. One thread looks at all connections twice a second, so a write costs two stores.
 */
final class WriteDeadlines implements AutoCloseable {
  /** Instead of a deadline. */
  static final long NOT_WRITING = Long.MIN_VALUE;

  private static final long LOOK_EVERY_MILLIS = 500;

  private final Set<Wire> open = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("smtp-write-deadlines").factory());

  WriteDeadlines() {
    timer.scheduleWithFixedDelay(
        this::look, LOOK_EVERY_MILLIS, LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
  }

  void watch(Wire wire) {
    open.add(wire);
  }

  void forget(Wire wire) {
    open.remove(wire);
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }

  private void look() {
    long nowNanos = System.nanoTime();
    open.forEach(wire -> wire.closeIfWriteIsLate(nowNanos));
  }
}
