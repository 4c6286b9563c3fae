package io.tandemmail.worker.delivery;

import io.tandemmail.model.submission.Assignment;
import io.tandemmail.model.submission.ContentType;
import io.tandemmail.model.submission.Envelope;
import io.tandemmail.model.submission.MessageFacts;
import io.tandemmail.model.submission.Role;
import io.tandemmail.model.wire.Headers;
import io.tandemmail.model.wire.Topics;
import io.tandemmail.worker.lane.LedgerReader;
import io.tandemmail.worker.lane.OffsetTracker;
import io.tandemmail.worker.lane.OwnedPartition;
import io.tandemmail.worker.lane.Positions;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/** Lane records of server a, as a worker has taken them. */
final class Deliveries {
  static final String ANN = "ann@example.net";
  static final String BOB = "bob@example.net";

  /** The only one taken of its partition. */
  static final long OFFSET = 7;

  private Deliveries() {}

  static OwnedPartition partition() {
    return partition("a");
  }

  static OwnedPartition partition(String server) {
    OffsetTracker offsets = new OffsetTracker(OFFSET, 0);
    offsets.taken(OFFSET, 0);
    return new OwnedPartition(
        new TopicPartition(Topics.lane("default", server), 0),
        offsets,
        LedgerReader.Ledger.empty(new Positions(0, 0)));
  }

  static Delivery of(OwnedPartition partition, Instant submittedAt, String... recipients) {
    MessageFacts facts =
        new MessageFacts(
            "m1",
            "default",
            new Envelope("shop@example.com", List.of(recipients)),
            ContentType.RFC822,
            submittedAt,
            Optional.empty(),
            Optional.empty(),
            0,
            0,
            Optional.empty());
    byte[] value = "Subject: x\r\n\r\nbody\r\n".getBytes(StandardCharsets.UTF_8);
    return new Delivery(
        partition, OFFSET, facts, new Assignment("a", Role.PRIMARY, 1), Headers.NONE, value);
  }
}
