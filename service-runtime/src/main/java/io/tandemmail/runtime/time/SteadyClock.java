package io.tandemmail.runtime.time;

import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The wall time of this process. It runs as the monotonic clock does and follows the machine's clock without its jumps (docs/rules.md,
 * 13). What asks about the world outside, such as a certificate, asks the machine's clock.
 */
public final class SteadyClock {
  private static final Logger LOG = LoggerFactory.getLogger(SteadyClock.class);

  /** Often enough to follow a clock, and seldom enough to cost nothing. */
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private static final AtomicReference<Steadiness> STATE =
      new AtomicReference<>(Steadiness.start(System.nanoTime(), System.currentTimeMillis()));

  private SteadyClock() {}

  /** Unix time, ms. */
  public static long millis() {
    long nanos = System.nanoTime();
    Steadiness state = STATE.get();
    return nanos - state.seenNanos() < LOOK_NANOS ? state.millis(nanos) : look(state, nanos);
  }

  /** To the millisecond, which is what events show. */
  public static Instant now() {
    return Instant.ofEpochMilli(millis());
  }

  private static long look(Steadiness before, long nanos) {
    long machine = System.currentTimeMillis();
    Steadiness next = before.look(nanos, machine);
    if (STATE.compareAndSet(before, next) && next.isApart() && !before.isApart()) {
      LOG.warn(
          "the clock of this machine was set by {} s; it is followed slowly, a clock that was set forward is believed after {} min."
              + " See to its time synchronisation",
          (machine - next.millis(nanos)) / TimeUnit.SECONDS.toMillis(1),
          Steadiness.BELIEVED_AFTER.toMinutes());
    }
    return next.millis(nanos);
  }
}
