package io.tandemmail.router;

import io.tandemmail.runtime.time.SteadyClock;
import java.util.function.Supplier;
import org.apache.kafka.common.utils.Time;

/** Kafka Streams' time: with the machine's, no retry would start for two hours after its clock was set back by two. */
final class SteadyTime implements Time {
  @Override
  public long milliseconds() {
    return SteadyClock.millis();
  }

  @Override
  public long nanoseconds() {
    return SYSTEM.nanoseconds();
  }

  @Override
  public void sleep(long millis) {
    SYSTEM.sleep(millis);
  }

  @Override
  public void waitObject(Object monitor, Supplier<Boolean> condition, long deadlineMillis)
      throws InterruptedException {
    // The deadline is one of this clock; the other looks at its own.
    long left = Math.max(0, deadlineMillis - milliseconds());
    SYSTEM.waitObject(monitor, condition, SYSTEM.milliseconds() + left);
  }
}
