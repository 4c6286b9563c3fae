package io.tandemmail.worker.lane;

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
  private final long takeoverPosition;
  private long nextOffset;
  private long ledgerPosition;

  /** For a partition whose ledger holds nothing at or above {@code nextOffset}. */
  public OffsetTracker(long nextOffset, long ledgerPosition) {
    this(nextOffset, ledgerPosition, -1, ledgerPosition);
  }

  /**
   * @param nextOffset first offset that will be taken
   * @param ledgerPosition every outcome of our own stands at or after this offset
   * @param finishedUpTo highest lane offset that a predecessor has finished; -1 for none
   * @param takeoverPosition where the ledger of what a predecessor finished begins. While a record up to {@code
   *     finishedUpTo} is open, the next owner must read from here too, else it would repeat what we only skipped
   */
  public OffsetTracker(
      long nextOffset, long ledgerPosition, long finishedUpTo, long takeoverPosition) {
    this.nextOffset = nextOffset;
    this.ledgerPosition = ledgerPosition;
    this.finishedUpTo = finishedUpTo;
    this.takeoverPosition = takeoverPosition;
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
        ? new Commit(nextOffset, ledgerPositionFrom(nextOffset))
        : new Commit(oldest.getKey(), oldest.getValue().ledgerPosition);
  }

  private long ledgerPositionFrom(long offset) {
    return offset <= finishedUpTo ? takeoverPosition : ledgerPosition;
  }

  /**
   * @param offset to resume from
   * @param ledgerPosition to read the ledger from before resuming
   */
  public record Commit(long offset, long ledgerPosition) {
    private static final String PREFIX = "ledger=";

    /** The commit's metadata, which Kafka keeps beside the offset. */
    public String metadata() {
      return PREFIX + ledgerPosition;
    }

    /** The beginning of the ledger when the metadata is missing or not ours: reads more than needed, never less. */
    public static long ledgerPosition(String metadata) {
      if (metadata == null || !metadata.startsWith(PREFIX)) {
        return 0;
      }
      try {
        return Math.max(0, Long.parseLong(metadata.substring(PREFIX.length())));
      } catch (NumberFormatException notOurs) {
        return 0;
      }
    }
  }
}
