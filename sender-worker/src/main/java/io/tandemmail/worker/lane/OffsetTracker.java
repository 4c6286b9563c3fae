package io.tandemmail.worker.lane;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Offsets of one partition finish in any order; only the contiguous low-water mark may be committed, else a crash would
 * skip what was still in flight (I1). Each record remembers how far the ledger had grown when it was taken, so the commit
 * can say where a successor must begin to read it (docs/rules.md, 4 and 5).
 */
public final class OffsetTracker {
  private final TreeMap<Long, Taken> inFlight = new TreeMap<>();
  private long inFlightBytes;
  private final long finishedUpTo;
  private final Positions takeover;
  private long nextOffset;
  private long ledgerPosition;

  /** What is given back from now on stands at or after it. */
  private long returnedPosition;

  /** Records given back whose outcomes are not acknowledged yet, and where their returns stand at the earliest. */
  private final Map<Long, Long> returning = new HashMap<>();

  /** For a partition of which nothing is on record at or above {@code nextOffset}. */
  public OffsetTracker(long nextOffset, long ledgerPosition) {
    this(nextOffset, new Positions(ledgerPosition, 0), -1, new Positions(ledgerPosition, 0));
  }

  /**
   * @param nextOffset first offset that will be taken
   * @param now every outcome and every return of our own stands at or after these
   * @param finishedUpTo highest lane offset that a predecessor has finished; -1 for none
   * @param takeover where the record of what a predecessor finished begins. While a record up to {@code finishedUpTo} is
   *     open, the next owner must read from here too, else it would repeat what we only skipped
   */
  public OffsetTracker(long nextOffset, Positions now, long finishedUpTo, Positions takeover) {
    this.nextOffset = nextOffset;
    this.ledgerPosition = now.ledger();
    this.returnedPosition = now.returned();
    this.finishedUpTo = finishedUpTo;
    this.takeover = takeover;
  }

  private record Taken(int bytes, long ledgerPosition) {}

  /**
   * @param bytes of the record's value, which stays in memory until it is finished
   */
  public synchronized void taken(long offset, int bytes) {
    inFlight.put(offset, new Taken(bytes, ledgerPositionFrom(offset)));
    inFlightBytes += bytes;
    nextOffset = Math.max(nextOffset, offset + 1);
  }

  public synchronized void finished(long offset) {
    Taken taken = inFlight.remove(offset);
    inFlightBytes -= taken == null ? 0 : taken.bytes;
    returning.remove(offset);
  }

  /** It is about to be given back: from here until {@link #finished} a successor must look for its return. */
  public synchronized void returning(long offset) {
    returning.putIfAbsent(offset, returnedPosition);
  }

  /** A return of ours was acknowledged at this offset. */
  public synchronized void returnedAt(long offset) {
    returnedEndWas(offset + 1);
  }

  /** {@code mail.returned} ended here or later when this was called: keeps short what a successor has to read. */
  public synchronized void returnedEndWas(long end) {
    returnedPosition = Math.max(returnedPosition, end);
  }

  /** An outcome of ours was acknowledged at this offset of the ledger. */
  public synchronized void ledgerGrewTo(long offset) {
    ledgerPosition = Math.max(ledgerPosition, offset + 1);
  }

  /** The consumer's position moved past records that hold no mail, such as transaction markers. */
  public synchronized void positionIs(long position) {
    nextOffset = Math.max(nextOffset, position);
  }

  public synchronized int inFlight() {
    return inFlight.size();
  }

  public synchronized long inFlightBytes() {
    return inFlightBytes;
  }

  public synchronized Commit commit() {
    Map.Entry<Long, Taken> oldest = inFlight.firstEntry();
    return oldest == null
        ? new Commit(
            nextOffset,
            new Positions(ledgerPositionFrom(nextOffset), returnedPositionFrom(nextOffset)))
        : new Commit(
            oldest.getKey(),
            new Positions(oldest.getValue().ledgerPosition, returnedPositionFrom(oldest.getKey())));
  }

  private long ledgerPositionFrom(long offset) {
    return offset <= finishedUpTo ? takeover.ledger() : ledgerPosition;
  }

  private long returnedPositionFrom(long offset) {
    long own =
        returning.values().stream().mapToLong(Long::longValue).reduce(returnedPosition, Math::min);
    return offset <= finishedUpTo ? Math.min(takeover.returned(), own) : own;
  }

  /**
   * @param offset to resume from
   * @param positions to read from before resuming
   */
  public record Commit(long offset, Positions positions) {}
}
