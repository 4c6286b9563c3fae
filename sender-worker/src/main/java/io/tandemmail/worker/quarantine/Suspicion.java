package io.tandemmail.worker.quarantine;

/**
 * What is suspected of a lane partition: that one of its unfinished records kills whoever sends it. It is kept beside the
 * committed offset, so it outlives those it is about.
 *
 * @param deaths of owners in a row that had a suspect in hand
 * @param until suspects are the unfinished records below this lane offset
 * @param sentTo suspects below this offset have been sent by the owner that says so
 */
public record Suspicion(int deaths, long until, long sentTo) {
  public static final Suspicion NONE = new Suspicion(0, 0, 0);

  /** The one in hand at so many deaths is not sent again. */
  static final int DEATHS_MAX = 3;

  /** Nobody knows what the first owner had in hand; it is not more than is fetched ahead, and as many markers. */
  static final int WINDOW = 800;

  /** After one death, which is an accident as a rule: enough to keep connections busy, few enough to try singly. */
  static final int FEW = 32;

  public Suspicion {
    if (deaths < 0 || deaths > DEATHS_MAX) {
      throw new IllegalArgumentException("deaths must be 0.." + DEATHS_MAX + ": " + deaths);
    }
  }

  /**
   * The owner that left this behind did not let go of the partition.
   *
   * @param low committed offset: below it all is finished
   * @param end of the lane: what is appended later was in nobody's hand
   */
  public Suspicion ownerDied(long low, long end) {
    if (isOver(low)) {
      long window = Math.min(low + WINDOW, end);
      return window > low ? new Suspicion(1, window, low) : NONE;
    }
    if (deaths == DEATHS_MAX || sentTo <= low) {
      // Whoever had none of them in hand was killed by something else.
      return new Suspicion(deaths, until, low);
    }
    return new Suspicion(deaths + 1, Math.min(until, sentTo), low);
  }

  /** The owner that left this behind let go of the partition: nothing happened. */
  public Suspicion ownerLeft(long low) {
    return isOver(low) ? NONE : new Suspicion(deaths, until, low);
  }

  /** Before they are sent: all suspects below this offset are. */
  public Suspicion sent(long to) {
    return new Suspicion(deaths, until, to);
  }

  /** Whether all suspects are finished. */
  public boolean isOver(long low) {
    return deaths == 0 || low >= until;
  }

  public boolean isAbout(long offset) {
    return deaths > 0 && offset < until;
  }

  /** The last one sent at the last death, when it was sent alone: it is given back, the others are acquitted. */
  public boolean accuses(long offset) {
    return deaths == DEATHS_MAX && offset == until - 1;
  }

  /** How many suspects may be unfinished at a time. */
  public int together() {
    return deaths < 2 ? FEW : 1;
  }

  /** They are sent one at a time, and one of one partition at a time, so that a death names one record only. */
  public boolean isolates() {
    return deaths >= 2;
  }
}
