package io.tandemmail.worker.lane;

import io.tandemmail.model.outcome.Outcome;
import io.tandemmail.model.outcome.OutcomeJson;
import io.tandemmail.model.settings.KafkaSettings;
import io.tandemmail.model.wire.HeaderNames;
import io.tandemmail.model.wire.Headers;
import io.tandemmail.model.wire.Topics;
import io.tandemmail.runtime.kafka.KafkaClients;
import io.tandemmail.runtime.kafka.KafkaHeaders;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * The outcomes as a delivery ledger: before its first send, the new owner of a lane partition learns which attempts its
 * predecessor finished and did not commit (docs/rules.md, 4). A record that was given back is finished for those it was
 * given back for, also where the predecessor died before it had written the outcomes: the router has them.
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
   * @param finished lane offset → recipients with an outcome of that very attempt, or given back
   * @param end where the ledger and the returned mail ended when read; what is later stands at or after it
   */
  public record Ledger(Map<Long, Set<String>> finished, Positions end) {
    public Set<String> finishedAt(long offset) {
      return finished.getOrDefault(offset, Set.of());
    }

    /** Tracks what is still to do, from here. */
    public OffsetTracker tracker(Takeover takeover) {
      long finishedUpTo = finished.keySet().stream().mapToLong(Long::longValue).max().orElse(-1);
      return new OffsetTracker(takeover.laneOffset(), end, finishedUpTo, takeover.from());
    }
  }

  /** Where to read from, for one lane partition. */
  public record Takeover(TopicPartition lane, long laneOffset, Positions from) {}

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
    int partition = takeover.lane().partition();
    Map<Long, Set<String>> finished = new HashMap<>();
    long returnedEnd =
        readFrom(
            consumer,
            new TopicPartition(Topics.RETURNED, partition),
            takeover.from().returned(),
            record -> noteReturned(KafkaHeaders.from(record.headers()), takeover, finished));
    long ledgerEnd =
        readFrom(
            consumer,
            new TopicPartition(Topics.OUTCOMES, partition),
            takeover.from().ledger(),
            record -> note(record.value(), takeover, finished));
    return new Ledger(finished, new Positions(ledgerEnd, returnedEnd));
  }

  /** Returns its end at the beginning; all up to there has been read. */
  private static long readFrom(
      KafkaConsumer<byte[], byte[]> consumer,
      TopicPartition log,
      long position,
      Consumer<ConsumerRecord<byte[], byte[]>> each) {
    consumer.assign(List.of(log));
    long end = Objects.requireNonNull(consumer.endOffsets(List.of(log)).get(log));
    long beginning = Objects.requireNonNull(consumer.beginningOffsets(List.of(log)).get(log));
    consumer.seek(log, Math.min(end, Math.max(beginning, position)));
    long deadlineNanos = System.nanoTime() + READ_WAIT.toNanos();
    while (consumer.position(log) < end) {
      if (System.nanoTime() > deadlineNanos) {
        throw new TimeoutException(log + " was not read to " + end + " within " + READ_WAIT);
      }
      consumer.poll(Duration.ofMillis(200)).forEach(each);
    }
    return end;
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

  /** Takes in the headers of one record that was given back; one of another lane partition is none of our business. */
  public static void noteReturned(
      Headers headers, Takeover takeover, Map<Long, Set<String>> finished) {
    String lane = takeover.lane().topic() + "/";
    Optional<String> origin = headers.last(HeaderNames.ORIGIN).filter(it -> it.startsWith(lane));
    if (origin.isEmpty()) {
      return;
    }
    long offset;
    try {
      offset = Long.parseLong(origin.get().substring(lane.length()));
    } catch (NumberFormatException notAWorkers) {
      return;
    }
    if (offset >= takeover.laneOffset()) {
      finished
          .computeIfAbsent(offset, it -> new HashSet<>())
          .addAll(headers.every(HeaderNames.RCPT_TO));
    }
  }
}
