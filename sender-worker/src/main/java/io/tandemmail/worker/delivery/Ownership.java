package io.tandemmail.worker.delivery;

import java.time.Duration;

/**
 * Is it certain that this worker still owns its partitions? Only for a while after the group has answered it as a member,
 * counted from when it was asked: the group cannot have given the partitions to another in that time (docs/rules.md, 7). A
 * worker that was stopped and resumes, or that is cut off from the group, finds the answer to be no.
 */
public final class Ownership {
  private final long lifeNanos;
  private volatile long askedNanos;

  /**
   * @param life well below the group's session timeout
   * @param nowNanos of the monotonic clock
   */
  public Ownership(Duration life, long nowNanos) {
    this.lifeNanos = life.toNanos();
    this.askedNanos = nowNanos - lifeNanos;
  }

  /**
   * The group answered as to a member.
   *
   * @param asked when the question was sent, or earlier
   */
  public void confirmed(long asked) {
    if (asked - askedNanos > 0) {
      askedNanos = asked;
    }
  }

  boolean isFresh() {
    return isFresh(System.nanoTime());
  }

  boolean isFresh(long nowNanos) {
    return nowNanos - askedNanos < lifeNanos;
  }
}
