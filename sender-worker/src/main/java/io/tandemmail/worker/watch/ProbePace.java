package io.tandemmail.worker.watch;

import java.time.Duration;

/**
 * When to probe a server next. Without a sign of trouble one probe per interval is enough, and none while traffic proves
 * the server well. Under suspicion (a session that failed, or transactions of which none moves) they follow each other
 * quickly and do not wait for one another: a server that says nothing must be out of service within three seconds, and
 * each probe of it takes its whole time-out.
 *
 * <p>A suspicion that probes do not confirm costs little: each good probe doubles the time to the next one, up to the
 * interval.
 */
final class ProbePace {
  /** Not even one of the transactions under way has ended for so long. */
  static final Duration STALLED_AFTER = Duration.ofMillis(700);

  static final Duration QUICK = Duration.ofMillis(200);

  /** At the quick pace, as many as fall into a time-out of a second. */
  static final int AT_ONCE_MAX = 5;

  /** Of transactions, while the server still greets: and it has to be so many times what one usually takes. */
  static final Duration SILENT_AFTER = Duration.ofSeconds(2);

  private static final int SILENT_TIMES_USUAL = 20;

  private static final int DOUBLINGS_MAX = 16;

  /** Until then the cluster has an opinion, if others see the same. */
  static final Duration OUT_OF_REACH_AFTER = Duration.ofMillis(1_500);

  private final Duration interval;
  private final int faultsOfInterest;

  /**
   * @param faultsOfInterest after twice as many faults in a row the question is no longer whether the server is down but
   *     when it comes back, and that is asked once per interval
   */
  ProbePace(Duration interval, int faultsOfInterest) {
    this.interval = interval;
    this.faultsOfInterest = faultsOfInterest;
  }

  /**
   * What is known of a server at this moment.
   *
   * @param sinceProbe since the last probe began
   * @param sinceSuccess since the server last did what it should
   * @param stalled how long no transaction under way has ended; zero with none under way
   * @param faultsInARow of sessions
   * @param goodProbes successful probes since the suspicion began
   * @param underWay probes that have no answer yet
   */
  record Signs(
      Duration sinceProbe,
      Duration sinceSuccess,
      Duration stalled,
      int faultsInARow,
      int goodProbes,
      int underWay) {}

  boolean isDue(Signs signs) {
    if (isSuspect(signs)) {
      Duration quick = QUICK.multipliedBy(1L << Math.min(signs.goodProbes(), DOUBLINGS_MAX));
      Duration wait = quick.compareTo(interval) < 0 ? quick : interval;
      return signs.underWay() < AT_ONCE_MAX && signs.sinceProbe().compareTo(wait) >= 0;
    }
    return signs.underWay() == 0
        && signs.sinceProbe().compareTo(interval) >= 0
        && signs.sinceSuccess().compareTo(interval) >= 0;
  }

  /**
   * Whether it is time to count a silence of transactions against a server that answers probes: such a server would keep
   * what waits for it until the time-outs of RFC 5321 are over, which are minutes.
   *
   * @param stalled how long none under way has ended
   * @param usual time of a transaction; zero when none has ended yet, and then it may be a slow server
   * @param counted faults for this silence so far
   */
  boolean isSilence(Duration stalled, Duration usual, int counted) {
    return usual.isPositive()
        && stalled.compareTo(usual.multipliedBy(SILENT_TIMES_USUAL)) >= 0
        && stalled.compareTo(
                SILENT_AFTER.plus(QUICK.multipliedBy(Math.min(counted, faultsOfInterest))))
            >= 0
        && counted < faultsOfInterest;
  }

  /**
   * Whether this worker does not get through, whatever the others see.
   *
   * @param faultsInARow of sessions
   * @param lasting since the first of them
   */
  boolean isOutOfReach(int faultsInARow, Duration lasting) {
    return faultsInARow >= faultsOfInterest && lasting.compareTo(OUT_OF_REACH_AFTER) >= 0;
  }

  /** Then a probe is not to wait for anything. */
  boolean isSuspect(Signs signs) {
    boolean mayBeGoing = signs.faultsInARow() > 0 && signs.faultsInARow() < 2 * faultsOfInterest;
    boolean stalled =
        signs.stalled().compareTo(STALLED_AFTER) >= 0
            && signs.faultsInARow() < 2 * faultsOfInterest;
    return mayBeGoing || stalled;
  }
}
