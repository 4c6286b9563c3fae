package io.tandemmail.worker.delivery;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Wakes whoever waits for servers to get better, or for the worker to stop. */
public final class HealthSignal {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  public void changed() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Returns at the next change or after the time, whichever is first. */
  @SuppressWarnings(
      "WaitNotInLoop") // Woken for nothing, the caller looks at the health again and comes back.
  void await(Duration atMost) throws InterruptedException {
    lock.lock();
    try {
      long nanos = atMost.toNanos();
      if (nanos > 0 && changed.await(nanos, TimeUnit.NANOSECONDS)) {
        return;
      }
    } finally {
      lock.unlock();
    }
  }
}
