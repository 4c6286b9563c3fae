package io.tandemmail.simulation.worker;

import io.tandemmail.model.outcome.Outcome.LanePosition;
import io.tandemmail.model.submission.Assignment;
import io.tandemmail.model.submission.MessageFacts;
import io.tandemmail.simulation.truth.LaneMark;

/** A lane record that a worker has taken, with the recipients still open. */
record Delivery(Part part, long offset, MessageFacts facts, Assignment assignment, LaneMark mark) {
  LanePosition position() {
    return new LanePosition(
        part.owned().lane().server(),
        assignment.role(),
        part.owned().partition().partition(),
        offset);
  }
}
