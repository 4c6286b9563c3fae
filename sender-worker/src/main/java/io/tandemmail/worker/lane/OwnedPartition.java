package io.tandemmail.worker.lane;

import io.tandemmail.model.wire.Topics;
import io.tandemmail.worker.quarantine.Suspicion;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.TopicPartition;

/** A lane partition from its assignment to its revocation. Deliveries hold on to it to ask whether they may still send. */
public final class OwnedPartition {
  private final TopicPartition partition;
  private final Topics.Lane lane;
  private final OffsetTracker offsets;
  private final LedgerReader.Ledger ledger;
  private final LeftInHand leftInHand;
  private final AtomicInteger busy = new AtomicInteger();
  private volatile Suspicion suspicion = Suspicion.NONE;
  private volatile boolean owned = true;
  private volatile boolean released;

  public OwnedPartition(
      TopicPartition partition, OffsetTracker offsets, LedgerReader.Ledger ledger) {
    this(partition, offsets, ledger, LeftInHand.nothing());
  }

  public OwnedPartition(
      TopicPartition partition,
      OffsetTracker offsets,
      LedgerReader.Ledger ledger,
      LeftInHand leftInHand) {
    this.partition = partition;
    this.lane = Topics.parseLane(partition.topic());
    this.offsets = offsets;
    this.ledger = ledger;
    this.leftInHand = leftInHand;
  }

  public TopicPartition partition() {
    return partition;
  }

  public Topics.Lane lane() {
    return lane;
  }

  public OffsetTracker offsets() {
    return offsets;
  }

  public LedgerReader.Ledger ledger() {
    return ledger;
  }

  /** What its last owner may have sent without a word of it on record. */
  public LeftInHand leftInHand() {
    return leftInHand;
  }

  /** Nothing more is to be done for the record. */
  public void finished(long offset) {
    leftInHand.finished(offset);
    offsets.finished(offset);
  }

  /** Whether its records may have killed their last owners. */
  public Suspicion suspicion() {
    return suspicion;
  }

  public void suspect(Suspicion next) {
    suspicion = next;
  }

  /** False from the moment the group takes it away: nothing new may be started for it. */
  public boolean isOwned() {
    return owned;
  }

  public void disown() {
    owned = false;
  }

  /** True from the moment another worker may own it. Between the two, what has begun is finished and recorded. */
  public boolean isReleased() {
    return released;
  }

  public void release() {
    disown();
    released = true;
  }

  /** Deliveries that began and whose outcome is not yet recorded; a revocation waits for these. */
  public int busy() {
    return busy.get();
  }

  public void began() {
    busy.incrementAndGet();
  }

  public void recorded() {
    busy.decrementAndGet();
  }
}
