package io.tandemmail.worker.delivery;

import java.time.Duration;

/**
 * Is it certain that this worker still owns its partitions? Only while its last poll is so recent that the group cannot
 * have given them to another (docs/rules.md, 7): a worker that was stopped and resumes finds the answer to be no.
 */
public final class Ownership {
  private final long lifeNanos;
  private volatile long lastPollNanos = System.nanoTime();

  /**
   * @param life well below the group's session timeout
   */
  public Ownership(Duration life) {
    this.lifeNanos = life.toNanos();
  }

  public void polled() {
    lastPollNanos = System.nanoTime();
  }

  boolean isFresh() {
    return System.nanoTime() - lastPollNanos < lifeNanos;
  }
}
