package io.tandemmail.worker.delivery;

import io.tandemmail.model.outcome.Outcome.LanePosition;
import io.tandemmail.model.submission.Assignment;
import io.tandemmail.model.submission.MessageFacts;
import io.tandemmail.model.wire.Headers;
import io.tandemmail.smtp.DsnRequest;
import io.tandemmail.smtp.MailTransaction;
import io.tandemmail.worker.compose.ComposeException;
import io.tandemmail.worker.compose.MessageContent;
import io.tandemmail.worker.lane.OwnedPartition;
import java.util.Optional;
import java.util.Set;

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

  /** RFC 3461 section 4.4. */
  private static final int ENVELOPE_ID_CHARS_MAX = 100;

  LanePosition position() {
    return new LanePosition(
        partition.lane().server(), assignment.role(), partition.partition().partition(), offset);
  }

  /**
   * What goes over the wire. The id goes along as ENVID where the server takes one: a later report names it.
   */
  MailTransaction transaction(MessageContent contents) throws ComposeException {
    byte[] content = contents.of(facts, value);
    return new MailTransaction(
        facts.envelope().reversePath(), facts.envelope().forwardPaths(), content, dsn());
  }

  private DsnRequest dsn() {
    return new DsnRequest(
        Optional.of(facts.id()).filter(id -> id.length() <= ENVELOPE_ID_CHARS_MAX),
        Optional.of(DsnRequest.Content.HDRS),
        Set.of(),
        true);
  }

  /** Nothing more will be done for it here, and it must not come again. */
  void finished() {
    partition.finished(offset);
  }

  /** Whether an owner that died may have sent it without a word of that on record. */
  boolean mayHaveBeenSent() {
    return partition.leftInHand().contains(offset);
  }

  void listed() {
    partition.leftInHand().listed(offset);
  }
}
