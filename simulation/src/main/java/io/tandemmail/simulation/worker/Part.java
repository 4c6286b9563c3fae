package io.tandemmail.simulation.worker;

import io.tandemmail.worker.lane.OwnedPartition;

/** A lane partition from its assignment to its release. */
final class Part {
  private final OwnedPartition owned;
  private long position;
  private boolean released;

  Part(OwnedPartition owned, long position) {
    this.owned = owned;
    this.position = position;
  }

  OwnedPartition owned() {
    return owned;
  }

  long position() {
    return position;
  }

  long next() {
    return position++;
  }

  /** Revoked partitions are still this worker's until it has told the group. */
  boolean isReleased() {
    return released;
  }

  void release() {
    owned.disown();
    released = true;
  }
}
