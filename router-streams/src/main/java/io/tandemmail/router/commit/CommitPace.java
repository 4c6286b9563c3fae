package io.tandemmail.router.commit;

/**
 * When a thread of the router may commit next: three times as long after its last commit as that took, so that a
 * quarter of its time goes into commits, and where they are very slow half a second is left for records between two. After a
 * pause it commits the first record at once. Kafka Streams' own interval is a fixed one: when commits take longer than it, every record is followed by
 * one, and the news of a server that fell silent wait in line behind them.
 *
 * <p>All times are in milliseconds, of the clock that Kafka Streams has. For one thread.
 */
public final class CommitPace {
  /** Each commit costs a round of markers, so a quick broker is not asked more often than this. */
  static final long SHORTEST_MILLIS = 50;

  /** Mail is not seen by workers before the commit; later than this it never is for the sake of the pace. */
  static final long LONGEST_MILLIS = 500;

  private static final int TIMES_ITS_LENGTH = 3;

  private long dueMillis = Long.MIN_VALUE;
  private long nextHurryMillis = Long.MIN_VALUE;

  /** Whether what was read and appended so far may be committed now. */
  public boolean isDue(long nowMillis) {
    return nowMillis >= dueMillis;
  }

  /**
   * Makes a commit due now, for what has waited already, as mail that a server out of service has left. Such mail comes in
   * bursts: after one commit out of turn there is no other for a while.
   */
  public void hurry(long nowMillis) {
    if (nowMillis >= nextHurryMillis) {
      nextHurryMillis = nowMillis + LONGEST_MILLIS;
      dueMillis = Math.min(dueMillis, nowMillis);
    }
  }

  /** @return from when on */
  public long dueMillis() {
    return dueMillis;
  }

  /** @param tookMillis how long the thread waited for the brokers because of this commit */
  public void committed(long nowMillis, long tookMillis) {
    dueMillis =
        nowMillis + Math.clamp(TIMES_ITS_LENGTH * tookMillis, SHORTEST_MILLIS, LONGEST_MILLIS);
  }
}
