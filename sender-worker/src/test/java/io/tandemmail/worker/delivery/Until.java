package io.tandemmail.worker.delivery;

import java.util.function.BooleanSupplier;

/** Waits for what another thread does. A test's time limit interrupts, so that a rule that is broken fails and does not hang. */
final class Until {
  private Until() {}

  static void reached(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      if (Thread.currentThread().isInterrupted()) {
        throw new AssertionError("it did not come to that in time");
      }
      Thread.onSpinWait();
    }
  }
}
