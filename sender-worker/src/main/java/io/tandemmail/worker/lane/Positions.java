package io.tandemmail.worker.lane;

/**
 * Where a successor begins to read what is on record of a lane partition.
 *
 * @param ledger in {@code mail.outcomes}: every outcome above the committed offset stands at or after it
 * @param returned in {@code mail.returned}: every record given back whose outcomes are not all there stands at or after it
 */
public record Positions(long ledger, long returned) {
  /** Nothing was given back: nobody ever sent from there, or a version did that left no word of it. */
  public static final long NOTHING_RETURNED = Long.MAX_VALUE;

  /** Reads all outcomes there are. */
  public static final Positions BEGINNING = new Positions(0, NOTHING_RETURNED);
}
