package io.tandemmail.worker.delivery;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * This worker's part of a server's rate (I5). The parts of all workers add up to it, also while they change hands: a part
 * that grows begins empty and in debt, so that what its last owner has just sent is not sent once more in the same second.
 *
 * <p>What was not sent in time is not made up for: a right to send is taken when it is there, never promised for a time to
 * come. A machine that stands still for a moment would wake all who hold such a promise together.
 */
final class RateShare {
  /** What the last owner took just before it lost its part may still be on its way to the server for so long. */
  private static final Duration HANDOVER = Duration.ofMillis(250);

  /** No second sees much more than its rate: a fiftieth of a second's worth is saved up at most. */
  private static final double SAVED_SECONDS = 1 / 50.0;

  private final TimeMeter clock;
  private final Pause pause;

  /** One waits for the next right, in the order they came; the others wait for their turn. */
  private final ReentrantLock turn = new ReentrantLock(true);

  private double perSecond;
  private volatile @Nullable Bucket bucket;

  /** Lets time pass. */
  interface Pause {
    void nanos(long nanos) throws InterruptedException;
  }

  RateShare(TimeMeter clock) {
    this(clock, TimeUnit.NANOSECONDS::sleep);
  }

  RateShare(TimeMeter clock, Pause pause) {
    this.clock = clock;
    this.pause = pause;
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
    long deadlineNanos = clock.currentTimeNanos() + within.toNanos();
    if (!turn.tryLock(within.toNanos(), TimeUnit.NANOSECONDS)) {
      return false;
    }
    try {
      while (true) {
        Bucket limit = bucket;
        if (limit == null || limit.tryConsume(1)) {
          return true;
        }
        long nanos = Math.max(1, limit.estimateAbilityToConsume(1).getNanosToWaitForRefill());
        if (clock.currentTimeNanos() + nanos > deadlineNanos) {
          return false;
        }
        pause.nanos(nanos);
      }
    } finally {
      turn.unlock();
    }
  }
}
