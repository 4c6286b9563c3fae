package io.tandemmail.worker.delivery;

import io.tandemmail.model.outcome.Outcome.LanePosition;
import io.tandemmail.model.submission.Assignment;
import io.tandemmail.model.submission.MessageFacts;
import io.tandemmail.model.wire.Headers;
import io.tandemmail.worker.lane.OwnedPartition;

/**
 * A lane record to be delivered.
 *
 * @param facts with the recipients still open
 * @param trace W3C trace context, passed on as it came
 * @param value the submission's bytes
 */
public record Delivery(
    OwnedPartition partition,
    long offset,
    MessageFacts facts,
    Assignment assignment,
    Headers trace,
    byte[] value) {

  LanePosition position() {
    return new LanePosition(
        partition.lane().server(), assignment.role(), partition.partition().partition(), offset);
  }

  /** Nothing more will be done for it here, and it must not come again. */
  void finished() {
    partition.offsets().finished(offset);
  }
}
