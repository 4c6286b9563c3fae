package io.tandemmail.worker.lane;

import static io.tandemmail.model.outcome.OutcomeType.DEFERRED;
import static io.tandemmail.model.outcome.OutcomeType.DELIVERED;
import static io.tandemmail.model.outcome.OutcomeType.IN_DOUBT;
import static io.tandemmail.worker.lane.Positions.NOTHING_RETURNED;
import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.model.outcome.Outcome;
import io.tandemmail.model.outcome.Outcome.LanePosition;
import io.tandemmail.model.outcome.OutcomeJson;
import io.tandemmail.model.outcome.OutcomeType;
import io.tandemmail.model.submission.Role;
import io.tandemmail.model.wire.HeaderNames;
import io.tandemmail.model.wire.Headers;
import io.tandemmail.model.wire.Topics;
import io.tandemmail.runtime.kafka.KafkaHeaders;
import io.tandemmail.worker.lane.LedgerReader.Ledger;
import io.tandemmail.worker.lane.LedgerReader.Takeover;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

/** Rule 4: whoever takes over knows what its predecessor finished, recipient by recipient. */
class LedgerReaderTest {
  private static final Takeover TAKEOVER =
      new Takeover(new TopicPartition("mail.outbound.default.mx-a", 3), 100, new Positions(0, 0));
  private final LedgerNotes notes = new LedgerNotes(TAKEOVER);

  @Test
  void anAttemptRecordedAboveTheCommitIsFinishedForItsRecipientsOnly() {
    note(outcome("default", "mx-a", 3, 100, "ann@example.net", DELIVERED));
    note(outcome("default", "mx-a", 3, 102, "bob@example.net", DEFERRED));

    Ledger ledger = notes.ledger(new Positions(9, 0));
    assertThat(ledger.finishedAt(100)).containsExactly("ann@example.net");
    assertThat(ledger.finishedAt(102)).containsExactly("bob@example.net");
    assertThat(ledger.finishedAt(101)).isEmpty();
  }

  @Test
  void outcomesOfOtherLanesPartitionsAndCommittedOffsetsDoNotCount() {
    note(outcome("default", "mx-b", 3, 100, "ann@example.net", DELIVERED));
    note(outcome("bulk", "mx-a", 3, 100, "ann@example.net", DELIVERED));
    note(outcome("default", "mx-a", 4, 100, "ann@example.net", DELIVERED));
    note(outcome("default", "mx-a", 3, 99, "ann@example.net", DELIVERED));

    assertThat(finished()).isEmpty();
  }

  /** Its outcomes were never written: the router has it, and nobody else may send it. */
  @Test
  void aRecordGivenBackIsFinishedForWhomItWasGivenBackFor() {
    returned("mail.outbound.default.mx-a/101", "ann@example.net");
    note(outcome("default", "mx-a", 3, 101, "bob@example.net", DELIVERED));
    returned("mail.outbound.default.mx-b/102", "ann@example.net");
    returned("mail.outbound.default.mx-a/99", "ann@example.net");
    returned("mail.outbound.default.mx-a/x", "ann@example.net");
    returned("3/7", "ann@example.net");

    assertThat(finished())
        .containsOnly(Map.entry(101L, Set.of("ann@example.net", "bob@example.net")));
    assertThat(notes.ledger(new Positions(9, 9)).unlisted()).isEmpty();
  }

  /** I2: it was sent, no reply came, and its worker died before it had said so. */
  @Test
  void whoWasGivenBackInDoubtIsUnlistedUntilTheLedgerSaysSo() {
    for (long offset : new long[] {101, 102}) {
      notes.returned(
          givenBack(
              "mail.outbound.default.mx-a/" + offset,
              "ann@example.net",
              Headers.Header.of(HeaderNames.IN_DOUBT, "ann@example.net")));
    }
    note(outcome("default", "mx-a", 3, 102, "ann@example.net", IN_DOUBT));

    Ledger ledger = notes.ledger(new Positions(9, 9));
    assertThat(ledger.unlistedAt(101)).containsExactly("ann@example.net");
    assertThat(ledger.unlistedAt(102)).isEmpty();
    assertThat(ledger.finishedAt(101)).containsExactly("ann@example.net");
  }

  private void returned(String origin, String recipient) {
    notes.returned(givenBack(origin, recipient));
  }

  private Map<Long, Set<String>> finished() {
    return notes.ledger(new Positions(0, 0)).finished();
  }

  @Test
  void whatIsNoOutcomeStopsNothing() {
    note("garbage".getBytes(StandardCharsets.UTF_8));
    notes.outcome(null);

    assertThat(finished()).isEmpty();
  }

  /** Two lanes of one number share its logs; the first of them has to read from earlier on. */
  @Test
  void theLogsOfAllPartitionsAreReadTogetherEachFromItsPositionToItsEnd() {
    MockConsumer<byte[], byte[]> logs = new MockConsumer<>("earliest");
    logs.updateBeginningOffsets(
        Map.of(outcomes(3), 0L, returned(3), 0L, outcomes(5), 0L, returned(5), 0L));
    logs.updateEndOffsets(
        Map.of(outcomes(3), 3L, returned(3), 1L, outcomes(5), 1L, returned(5), 0L));
    logs.schedulePollTask(() -> {
      append(logs, outcomes(3), 0, outcome("default", "mx-a", 3, 100, "early", DELIVERED));
      append(logs, outcomes(3), 1, outcome("default", "mx-a", 3, 101, "ann", DELIVERED));
      append(logs, outcomes(3), 2, outcome("default", "mx-b", 3, 7, "bob", DELIVERED));
    });
    logs.schedulePollTask(() -> {
      append(logs, outcomes(5), 0, outcome("default", "mx-a", 5, 9, "eve", DELIVERED));
      logs.addRecord(
          record(returned(3), 0, new byte[0], givenBack("mail.outbound.default.mx-a/102", "joe")));
    });
    Takeover b3 = new Takeover(lane("mx-b", 3), 0, new Positions(2, NOTHING_RETURNED));
    Takeover a3 = new Takeover(lane("mx-a", 3), 100, new Positions(1, 0));
    Takeover a5 = new Takeover(lane("mx-a", 5), 0, new Positions(0, 0));

    Map<TopicPartition, Ledger> ledgers;
    try (LedgerReader reader = new LedgerReader(logs)) {
      ledgers = reader.read(List.of(b3, a3, a5));
    }

    assertThat(ledgers.get(a3.lane()).finished())
        .containsOnly(Map.entry(101L, Set.of("ann")), Map.entry(102L, Set.of("joe")));
    assertThat(ledgers.get(b3.lane()).finished()).containsOnly(Map.entry(7L, Set.of("bob")));
    assertThat(ledgers.get(a5.lane()).finished()).containsOnly(Map.entry(9L, Set.of("eve")));
    assertThat(ledgers.get(a3.lane()).end()).isEqualTo(new Positions(3, 1));
    assertThat(ledgers.get(a5.lane()).end()).isEqualTo(new Positions(1, 0));
  }

  private static TopicPartition lane(String server, int partition) {
    return new TopicPartition(Topics.lane("default", server), partition);
  }

  private static TopicPartition outcomes(int partition) {
    return new TopicPartition(Topics.OUTCOMES, partition);
  }

  private static TopicPartition returned(int partition) {
    return new TopicPartition(Topics.RETURNED, partition);
  }

  private static void append(
      MockConsumer<byte[], byte[]> logs, TopicPartition log, long offset, byte[] value) {
    logs.addRecord(record(log, offset, value, Headers.NONE));
  }

  private static ConsumerRecord<byte[], byte[]> record(
      TopicPartition log, long offset, byte[] value, Headers headers) {
    return new ConsumerRecord<>(
        log.topic(),
        log.partition(),
        offset,
        0,
        TimestampType.LOG_APPEND_TIME,
        0,
        value.length,
        new byte[0],
        value,
        KafkaHeaders.to(headers),
        Optional.empty());
  }

  private static Headers givenBack(String origin, String recipient, Headers.Header... more) {
    List<Headers.Header> all = new ArrayList<>(List.of(more));
    all.add(Headers.Header.of(HeaderNames.ORIGIN, origin));
    all.add(Headers.Header.of(HeaderNames.RCPT_TO, recipient));
    return new Headers(all);
  }

  private void note(byte[] value) {
    notes.outcome(value);
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
