package io.tandemmail.worker.lane;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.model.outcome.Outcome;
import io.tandemmail.model.outcome.Outcome.LanePosition;
import io.tandemmail.model.outcome.OutcomeJson;
import io.tandemmail.model.outcome.OutcomeType;
import io.tandemmail.model.submission.Role;
import io.tandemmail.model.wire.HeaderNames;
import io.tandemmail.model.wire.Headers;
import io.tandemmail.worker.lane.LedgerReader.Ledger;
import io.tandemmail.worker.lane.LedgerReader.Takeover;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** Rule 4: whoever takes over knows what its predecessor finished, recipient by recipient. */
class LedgerReaderTest {
  private static final Takeover TAKEOVER =
      new Takeover(new TopicPartition("mail.outbound.default.mx-a", 3), 100, new Positions(0, 0));
  private final Map<Long, Set<String>> finished = new HashMap<>();

  @Test
  void anAttemptRecordedAboveTheCommitIsFinishedForItsRecipientsOnly() {
    note(outcome("default", "mx-a", 3, 100, "ann@example.net", OutcomeType.DELIVERED));
    note(outcome("default", "mx-a", 3, 102, "bob@example.net", OutcomeType.DEFERRED));

    Ledger ledger = new Ledger(finished, new Positions(9, 0));
    assertThat(ledger.finishedAt(100)).containsExactly("ann@example.net");
    assertThat(ledger.finishedAt(102)).containsExactly("bob@example.net");
    assertThat(ledger.finishedAt(101)).isEmpty();
  }

  @Test
  void outcomesOfOtherLanesPartitionsAndCommittedOffsetsDoNotCount() {
    note(outcome("default", "mx-b", 3, 100, "ann@example.net", OutcomeType.DELIVERED));
    note(outcome("bulk", "mx-a", 3, 100, "ann@example.net", OutcomeType.DELIVERED));
    note(outcome("default", "mx-a", 4, 100, "ann@example.net", OutcomeType.DELIVERED));
    note(outcome("default", "mx-a", 3, 99, "ann@example.net", OutcomeType.DELIVERED));

    assertThat(finished).isEmpty();
  }

  /** Its outcomes were never written: the router has it, and nobody else may send it. */
  @Test
  void aRecordGivenBackIsFinishedForWhomItWasGivenBackFor() {
    returned("mail.outbound.default.mx-a/101", "ann@example.net");
    note(outcome("default", "mx-a", 3, 101, "bob@example.net", OutcomeType.DELIVERED));
    returned("mail.outbound.default.mx-b/102", "ann@example.net");
    returned("mail.outbound.default.mx-a/99", "ann@example.net");
    returned("mail.outbound.default.mx-a/x", "ann@example.net");
    returned("3/7", "ann@example.net");

    assertThat(finished)
        .containsOnly(Map.entry(101L, Set.of("ann@example.net", "bob@example.net")));
  }

  private void returned(String origin, String recipient) {
    Headers headers =
        new Headers(
            List.of(
                Headers.Header.of(HeaderNames.ORIGIN, origin),
                Headers.Header.of(HeaderNames.RCPT_TO, recipient)));
    LedgerReader.noteReturned(headers, TAKEOVER, finished);
  }

  @Test
  void whatIsNoOutcomeStopsNothing() {
    note("garbage".getBytes(StandardCharsets.UTF_8));
    LedgerReader.note(null, TAKEOVER, finished);

    assertThat(finished).isEmpty();
  }

  private void note(byte[] value) {
    LedgerReader.note(value, TAKEOVER, finished);
  }

  private static byte[] outcome(
      String route, String server, int partition, long offset, String recipient, OutcomeType type) {
    return OutcomeJson.write(
        new Outcome(
            "m1",
            route,
            recipient,
            type,
            1,
            Optional.of(new LanePosition(server, Role.PRIMARY, partition, offset)),
            Optional.empty(),
            Optional.empty(),
            Instant.EPOCH,
            Instant.EPOCH,
            Optional.empty()));
  }
}
