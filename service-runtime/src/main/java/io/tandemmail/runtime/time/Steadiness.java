package io.tandemmail.runtime.time;

import java.time.Duration;

/**
 * How far wall time is ahead of the monotonic clock, as far as this process believes the machine's clock.
 *
 * @param followedMillis wall time less monotonic time, as followed
 * @param seenNanos monotonic time of the last look
 * @param apartSinceNanos since when the machine's clock says something else; 0: it does not
 */
record Steadiness(long followedMillis, long seenNanos, long apartSinceNanos) {
  /** More than any clock that is kept right is ever off by. */
  static final Duration APART = Duration.ofSeconds(1);

  /** Whoever is right for so long is right. */
  static final Duration BELIEVED_AFTER = Duration.ofMinutes(10);

  /** Time then runs a tenth slower or faster, and never backwards. */
  private static final int FOLLOWED_PART = 10;

  private static final Duration LOOKS_APART_MAX = Duration.ofSeconds(5);

  private static final long NANOS_PER_MILLI = 1_000_000;

  /** What the machine says at the start is believed. */
  static Steadiness start(long nanos, long machineMillis) {
    return new Steadiness(machineMillis - nanos / NANOS_PER_MILLI, nanos, 0);
  }

  /**
   * After a look at both clocks.
   *
   * <p>A clock that was set back is followed slowly: what waits for a time set before waits a little longer, and not for as long
   * as the clock was wrong. One that was set forward is, too, for a while: mail must not expire because of a mistake
   * that is put right at once. Then it is believed, for a machine that was asleep has missed that time.
   */
  Steadiness look(long nanos, long machineMillis) {
    long off = machineMillis - nanos / NANOS_PER_MILLI - followedMillis;
    if (Math.abs(off) > APART.toMillis()) {
      long since = isApart() ? apartSinceNanos : neverZero(nanos);
      if (off > 0 && nanos - since >= BELIEVED_AFTER.toNanos()) {
        return new Steadiness(followedMillis + off, nanos, 0);
      }
      return new Steadiness(followedMillis + step(nanos, off), nanos, since);
    }
    return new Steadiness(followedMillis + step(nanos, off), nanos, 0);
  }

  boolean isApart() {
    return apartSinceNanos != 0;
  }

  /** Unix time, ms. */
  long millis(long nanos) {
    return nanos / NANOS_PER_MILLI + followedMillis;
  }

  private long step(long nanos, long off) {
    long elapsed = Math.min(nanos - seenNanos, LOOKS_APART_MAX.toNanos());
    long most = elapsed / NANOS_PER_MILLI / FOLLOWED_PART;
    return Math.clamp(off, -most, most);
  }

  private static long neverZero(long nanos) {
    return nanos == 0 ? 1 : nanos;
  }
}
