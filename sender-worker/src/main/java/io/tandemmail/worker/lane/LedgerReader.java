package io.tandemmail.worker.lane;

import io.tandemmail.model.settings.KafkaSettings;
import io.tandemmail.model.wire.Topics;
import io.tandemmail.runtime.kafka.KafkaClients;
import io.tandemmail.runtime.kafka.KafkaHeaders;
import java.time.Duration;
import java.util.ArrayList;
import java.util.ConcurrentModificationException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * The outcomes as a delivery ledger: before its first send, the new owner of a lane partition learns which attempts its
 * predecessor finished and did not commit (docs/rules.md, 4). A record that was given back is finished for those it was
 * given back for, also where the predecessor died before it had written the outcomes: the router has them.
 */
public final class LedgerReader implements AutoCloseable {
  /** Well below the group's poll interval: who takes over must poll again in time. */
  private static final Duration READ_WAIT = Duration.ofSeconds(30);

  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration PREPARE_WAIT = Duration.ofSeconds(5);
  private static final Duration CLOSE_WAIT = Duration.ofSeconds(1);

  private final Consumer<byte[], byte[]> consumer;

  public LedgerReader(KafkaSettings kafka, String clientId) {
    // The last outcomes of a worker that died are not transactional: no need to wait for anything
    // but the log's end.
    this(
        KafkaClients.consumer(
            kafka,
            clientId,
            Map.of(
                ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_uncommitted",
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest",
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 5_000)));
  }

  /**
   * @param consumer closed with the reader; what it does between takeovers is nothing
   */
  LedgerReader(Consumer<byte[], byte[]> consumer) {
    this.consumer = consumer;
  }

  /**
   * What is recorded for a lane partition.
   *
   * @param finished lane offset → recipients with an outcome of that very attempt, or given back
   * @param unlisted lane offset → those given back in doubt whose worker died before it had recorded the doubt
   * @param end where the ledger and the returned mail ended when read; what is later stands at or after it
   */
  public record Ledger(
      Map<Long, Set<String>> finished, Map<Long, Set<String>> unlisted, Positions end) {
    /** Of a partition of which nothing is on record. */
    public static Ledger empty(Positions end) {
      return new Ledger(Map.of(), Map.of(), end);
    }

    public Set<String> finishedAt(long offset) {
      return finished.getOrDefault(offset, Set.of());
    }

    public Set<String> unlistedAt(long offset) {
      return unlisted.getOrDefault(offset, Set.of());
    }

    /** Tracks what is still to do, from here. */
    public OffsetTracker tracker(Takeover takeover) {
      long finishedUpTo = finished.keySet().stream().mapToLong(Long::longValue).max().orElse(-1);
      return new OffsetTracker(takeover.laneOffset(), end, finishedUpTo, takeover.from());
    }
  }

  /** Where to read from, for one lane partition. */
  public record Takeover(TopicPartition lane, long laneOffset, Positions from) {}

  /**
   * Connects to the brokers that have the ledger: mail of a takeover need not wait for that.
   *
   * @throws org.apache.kafka.common.KafkaException when they cannot be reached now; a takeover tries again
   */
  public void prepare() {
    List<TopicPartition> logs = new ArrayList<>();
    for (String topic : List.of(Topics.RETURNED, Topics.OUTCOMES)) {
      consumer
          .partitionsFor(topic, PREPARE_WAIT)
          .forEach(part -> logs.add(new TopicPartition(topic, part.partition())));
    }
    consumer.endOffsets(logs, PREPARE_WAIT);
  }

  /**
   * All that is known of these lane partitions, from where each predecessor said up to now. The logs of all of them are read
   * together: the flow of their mail waits for it.
   */
  public Map<TopicPartition, Ledger> read(List<Takeover> takeovers) {
    Map<TopicPartition, LedgerNotes> notes = new HashMap<>();
    takeovers.forEach(takeover -> notes.put(takeover.lane(), new LedgerNotes(takeover)));
    Map<TopicPartition, Long> ends = takeovers.isEmpty() ? Map.of() : seek(takeovers);
    Set<TopicPartition> open = new HashSet<>(ends.keySet());
    long deadlineNanos = System.nanoTime() + READ_WAIT.toNanos();
    while (true) {
      open.removeIf(log -> consumer.position(log) >= ends.getOrDefault(log, 0L));
      if (open.isEmpty()) {
        break;
      }
      if (System.nanoTime() > deadlineNanos) {
        throw new TimeoutException(open + " were not read to their ends within " + READ_WAIT);
      }
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        notes.forEach((lane, its) -> {
          if (lane.partition() == record.partition()) {
            note(record, its);
          }
        });
      }
    }
    consumer.unsubscribe();
    Map<TopicPartition, Ledger> ledgers = new HashMap<>();
    notes.forEach((lane, its) -> ledgers.put(lane, its.ledger(end(ends, lane.partition()))));
    return ledgers;
  }

  /** To where the first of those who share a log has to read from; where each log ends. */
  private Map<TopicPartition, Long> seek(List<Takeover> takeovers) {
    Map<TopicPartition, Long> starts = new HashMap<>();
    for (Takeover takeover : takeovers) {
      int partition = takeover.lane().partition();
      starts.merge(returned(partition), takeover.from().returned(), Math::min);
      starts.merge(outcomes(partition), takeover.from().ledger(), Math::min);
    }
    consumer.assign(starts.keySet());
    Map<TopicPartition, Long> ends = new HashMap<>();
    for (String topic : List.of(Topics.RETURNED, Topics.OUTCOMES)) {
      ends.putAll(
          consumer.endOffsets(
              starts.keySet().stream().filter(log -> log.topic().equals(topic)).toList()));
    }
    Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(starts.keySet());
    starts.forEach((log, start) -> {
      long end = Objects.requireNonNull(ends.get(log));
      long beginning = Objects.requireNonNull(beginnings.get(log));
      consumer.seek(log, Math.min(end, Math.max(beginning, start)));
    });
    return ends;
  }

  private static Positions end(Map<TopicPartition, Long> ends, int partition) {
    return new Positions(
        ends.getOrDefault(outcomes(partition), 0L), ends.getOrDefault(returned(partition), 0L));
  }

  private static TopicPartition returned(int partition) {
    return new TopicPartition(Topics.RETURNED, partition);
  }

  private static TopicPartition outcomes(int partition) {
    return new TopicPartition(Topics.OUTCOMES, partition);
  }

  private static void note(ConsumerRecord<byte[], byte[]> record, LedgerNotes notes) {
    if (record.topic().equals(Topics.OUTCOMES)) {
      notes.outcome(record.value());
    } else {
      notes.returned(KafkaHeaders.from(record.headers()));
    }
  }

  @Override
  public void close() {
    try {
      consumer.close(CloseOptions.timeout(CLOSE_WAIT));
    } catch (ConcurrentModificationException itsThreadStillReads) {
      // Brokers are away, and the process does not wait for that to end.
      consumer.wakeup();
    }
  }
}
