package io.tandemmail.torture.load;

import java.util.concurrent.TimeUnit;

/** Even in time, and catching up after whatever held it up. */
record Pace(long startNanos, int perSecond) {
  /** Finer than this a thread is not woken. */
  private static final long EARLY_NANOS_MAX = 2_000_000;

  /** Until the n-th, counted from 0, is due. */
  void await(int n) throws InterruptedException {
    long dueNanos = startNanos + n * 1_000_000_000L / perSecond;
    long earlyNanos = dueNanos - System.nanoTime();
    if (earlyNanos > EARLY_NANOS_MAX) {
      TimeUnit.NANOSECONDS.sleep(earlyNanos);
    }
  }
}
