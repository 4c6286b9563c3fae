package io.tandemmail.worker.delivery;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * This worker's part of a server's rate (I5). The parts of all workers add up to it, also while they change hands: a part
 * that grows begins empty and in debt, so that what its last owner has just sent is not sent once more in the same second.
 */
final class RateShare {
  /** Longer than a connection may hold a right to send that it has not used ({@link #await}). */
  private static final Duration HANDOVER = Duration.ofMillis(250);

  /** No second sees much more than its rate: a 25th of a second's worth is saved up at most. */
  private static final double SAVED_SECONDS = 1 / 25.0;

  private final TimeMeter clock;
  private double perSecond;
  private volatile @Nullable Bucket bucket;

  RateShare(TimeMeter clock) {
    this.clock = clock;
  }

  /** No limit, as long as none is set. */
  synchronized void unlimited() {
    perSecond = 0;
    bucket = null;
  }

  synchronized void set(double messagesPerSecond) {
    if (messagesPerSecond == perSecond) {
      // What was saved up, or is owed, stays.
      return;
    }
    long saved = Math.max(1, (long) (messagesPerSecond * SAVED_SECONDS));
    Duration fill = Duration.ofNanos(Math.round(saved * 1e9 / messagesPerSecond));
    Bucket next =
        Bucket.builder()
            .addLimit(limit -> limit.capacity(saved).refillGreedy(saved, fill).initialTokens(0))
            .withCustomTimePrecision(clock)
            .build();
    double more = Math.max(0, messagesPerSecond - perSecond);
    long owed = (long) Math.ceil(more * HANDOVER.toMillis() / 1_000);
    if (owed > 0) {
      next.consumeIgnoringRateLimits(owed);
    }
    perSecond = messagesPerSecond;
    bucket = next;
  }

  boolean tryNow() {
    Bucket limit = bucket;
    return limit == null || limit.tryConsume(1);
  }

  /** False when it would have to wait for longer. */
  boolean await(Duration within) throws InterruptedException {
    Bucket limit = bucket;
    return limit == null || limit.asBlocking().tryConsume(1, within);
  }
}
