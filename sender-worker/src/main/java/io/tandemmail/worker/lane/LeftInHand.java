package io.tandemmail.worker.lane;

import io.tandemmail.model.settings.ServerSettings;
import io.tandemmail.model.settings.Settings;
import java.util.HashSet;
import java.util.Set;

/**
 * Which records of a lane partition an owner that died, or was cut off, may have sent without a word of it on record: what is
 * delivered of them may be there twice, and is listed as in doubt (I2).
 *
 * <p>A partition's records are taken in the order of their offsets. An owner has no more of them unrecorded than its {@code
 * max-unrecorded}, and each connection may have taken one that it has not begun. So it can only be about so many of the first
 * that are unfinished, of those the lane had when its next owner took over.
 */
public final class LeftInHand {
  private final long end;
  private int untaken;
  private final Set<Long> unfinished = new HashSet<>();
  private final Set<Long> listed = new HashSet<>();

  /**
   * @param count of the first unfinished records; 0 when nobody died
   * @param end of the lane at takeover: what stands at or behind it was in nobody's hand
   */
  public LeftInHand(int count, long end) {
    this.untaken = count;
    this.end = end;
  }

  /** Of how many records of a lane an owner that died may have left no word. */
  public static int most(Settings settings, String server) {
    ServerSettings known = settings.servers().get(server);
    int connections = known == null ? 0 : known.limits().maxConnections();
    return settings.worker().maxUnrecorded() + connections;
  }

  public static LeftInHand nothing() {
    return new LeftInHand(0, 0);
  }

  /** The next unfinished record of the partition is taken. */
  public synchronized void taken(long offset) {
    positionIs(offset);
    if (untaken > 0) {
      untaken--;
      unfinished.add(offset);
    }
  }

  /** Nothing before this offset is still to be taken. */
  public synchronized void positionIs(long position) {
    if (position >= end) {
      untaken = 0;
    }
  }

  /** Whether that it may have been sent is still to be listed. */
  public synchronized boolean contains(long offset) {
    return unfinished.contains(offset) && !listed.contains(offset);
  }

  public synchronized void listed(long offset) {
    listed.add(offset);
  }

  public synchronized void finished(long offset) {
    unfinished.remove(offset);
    listed.remove(offset);
  }

  /** How many of the first unfinished records it is still about: what the next owner has to know. */
  public synchronized int count() {
    return untaken + unfinished.size();
  }
}
