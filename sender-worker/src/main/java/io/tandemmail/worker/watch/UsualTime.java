package io.tandemmail.worker.watch;

import java.time.Duration;

/**
 * What a transaction with a server usually takes: the mean of the first ones, then a moving one. One that takes much longer
 * counts as twice the usual time: whoever has been silent for a minute would otherwise be expected to be.
 */
final class UsualTime {
  private static final int OF = 20;
  private static final int AT_MOST_TIMES = 2;

  private long nanos;
  private int seen;

  void add(Duration took) {
    seen = Math.min(seen + 1, OF);
    long counted = seen == 1 ? took.toNanos() : Math.min(took.toNanos(), AT_MOST_TIMES * nanos);
    nanos += (counted - nanos) / seen;
  }

  /** Zero before the first. */
  Duration get() {
    return Duration.ofNanos(nanos);
  }
}
