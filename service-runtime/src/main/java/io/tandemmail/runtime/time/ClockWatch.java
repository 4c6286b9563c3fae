package io.tandemmail.runtime.time;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that the machine's clock was set back. Kafka's clients reckon their waits by it: one that had tried to connect before does
 * not try again until the clock is where it was, which may be hours. Only another process helps.
 */
public final class ClockWatch {
  /** Kafka's clients wait as long as that at other times, too. */
  static final Duration HARMLESS = Duration.ofSeconds(30);

  private static final Logger LOG = LoggerFactory.getLogger(ClockWatch.class);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

  private final LongSupplier machineAheadMillis;
  private long latestMillis;

  /**
   * @param machineAheadMillis wall time less monotonic time
   */
  ClockWatch(LongSupplier machineAheadMillis) {
    this.machineAheadMillis = machineAheadMillis;
    this.latestMillis = machineAheadMillis.getAsLong();
  }

  /**
   * Looks once a second for as long as the process runs.
   *
   * @param onSetBack run once
   */
  public static void start(Runnable onSetBack) {
    ClockWatch watch =
        new ClockWatch(() -> System.currentTimeMillis() - System.nanoTime() / 1_000_000);
    Thread.ofPlatform().daemon().name("clock-watch").start(() -> watch.run(onSetBack));
  }

  /** True when it was set back since the last look, by more than is harmless. */
  boolean wasSetBack() {
    long before = latestMillis;
    latestMillis = machineAheadMillis.getAsLong();
    return before - latestMillis > HARMLESS.toMillis();
  }

  private void run(Runnable onSetBack) {
    try {
      while (true) {
        Thread.sleep(LOOK_EVERY);
        if (wasSetBack()) {
          LOG.error(
              "the clock of this machine was set back by more than {} s; Kafka's clients would wait for it,"
                  + " so this process ends: start it again, and see to the machine's time synchronisation",
              HARMLESS.toSeconds());
          onSetBack.run();
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
