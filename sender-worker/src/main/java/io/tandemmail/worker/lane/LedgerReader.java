package io.tandemmail.worker.lane;

import io.tandemmail.model.outcome.Outcome;
import io.tandemmail.model.outcome.OutcomeJson;
import io.tandemmail.model.settings.KafkaSettings;
import io.tandemmail.model.wire.Topics;
import io.tandemmail.runtime.kafka.KafkaClients;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * The outcomes as a delivery ledger: before its first send, the new owner of a lane partition learns which attempts its
 * predecessor finished and did not commit (docs/rules.md, 4).
 */
public final class LedgerReader {
  /** Well below the group's poll interval: who takes over must poll again in time. */
  private static final Duration READ_WAIT = Duration.ofSeconds(30);

  private final KafkaSettings kafka;
  private final String clientId;

  public LedgerReader(KafkaSettings kafka, String clientId) {
    this.kafka = kafka;
    this.clientId = clientId;
  }

  /**
   * What is recorded for a lane partition.
   *
   * @param finished lane offset → recipients with an outcome of that very attempt
   * @param end the ledger's end when read; later outcomes stand at or after it
   */
  public record Ledger(Map<Long, Set<String>> finished, long end) {
    public Set<String> finishedAt(long offset) {
      return finished.getOrDefault(offset, Set.of());
    }

    /** Tracks what is still to do, from here. */
    public OffsetTracker tracker(Takeover takeover) {
      long finishedUpTo = finished.keySet().stream().mapToLong(Long::longValue).max().orElse(-1);
      return new OffsetTracker(takeover.laneOffset(), end, finishedUpTo, takeover.ledgerPosition());
    }
  }

  /** Where to read from, for one lane partition. */
  public record Takeover(TopicPartition lane, long laneOffset, long ledgerPosition) {}

  public Map<TopicPartition, Ledger> read(List<Takeover> takeovers) {
    Map<TopicPartition, Ledger> ledgers = new HashMap<>();
    if (takeovers.isEmpty()) {
      return ledgers;
    }
    // The last outcomes of a worker that died are not transactional: no need to wait for anything
    // but the log's end.
    Map<String, Object> overrides =
        Map.of(
            ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_uncommitted",
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest",
            ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 5_000);
    try (KafkaConsumer<byte[], byte[]> consumer =
        KafkaClients.consumer(kafka, clientId, overrides)) {
      for (Takeover takeover : takeovers) {
        ledgers.put(takeover.lane(), readOne(consumer, takeover));
      }
    }
    return ledgers;
  }

  private static Ledger readOne(KafkaConsumer<byte[], byte[]> consumer, Takeover takeover) {
    TopicPartition outcomes = new TopicPartition(Topics.OUTCOMES, takeover.lane().partition());
    consumer.assign(List.of(outcomes));
    long end = Objects.requireNonNull(consumer.endOffsets(List.of(outcomes)).get(outcomes));
    long beginning =
        Objects.requireNonNull(consumer.beginningOffsets(List.of(outcomes)).get(outcomes));
    consumer.seek(outcomes, Math.min(end, Math.max(beginning, takeover.ledgerPosition())));
    Map<Long, Set<String>> finished = new HashMap<>();
    long deadlineNanos = System.nanoTime() + READ_WAIT.toNanos();
    while (consumer.position(outcomes) < end) {
      if (System.nanoTime() > deadlineNanos) {
        throw new TimeoutException(
            "the ledger " + outcomes + " was not read to " + end + " within " + READ_WAIT);
      }
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
        note(record.value(), takeover, finished);
      }
    }
    return new Ledger(finished, end);
  }

  /** Takes in one record of the ledger; what is no outcome of this lane partition is none of our business. */
  public static void note(byte[] value, Takeover takeover, Map<Long, Set<String>> finished) {
    Optional<Outcome> read;
    try {
      read = value == null ? Optional.empty() : OutcomeJson.read(value);
    } catch (IllegalArgumentException notAnOutcome) {
      return;
    }
    if (read.isEmpty() || read.get().lane().isEmpty()) {
      return;
    }
    Outcome outcome = read.get();
    Outcome.LanePosition lane = outcome.lane().get();
    boolean sameLane = Topics.lane(outcome.route(), lane.server()).equals(takeover.lane().topic());
    if (sameLane
        && lane.partition() == takeover.lane().partition()
        && lane.offset() >= takeover.laneOffset()) {
      finished.computeIfAbsent(lane.offset(), offset -> new HashSet<>()).add(outcome.recipient());
    }
  }
}
