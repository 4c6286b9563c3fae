package io.tandemmail.router.reconcile;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/** Reads partitions from their beginning to given ends, no further in time than asked, so that two topics can be read side by side. */
final class TimedScan implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(250);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Map<TopicPartition, Long> ends;
  private final Map<TopicPartition, Long> reachedMillis = new HashMap<>();

  /** Every partition was read past this time (Unix, ms); kept because it is asked for with each outcome. */
  private long passedMillis = Long.MIN_VALUE;

  private TimedScan(KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
    this.consumer = consumer;
    this.ends = ends;
    consumer.assign(ends.keySet());
    ends.keySet().forEach(partition -> reachedMillis.put(partition, Long.MIN_VALUE));
  }

  /** Closes the consumer with itself. */
  static TimedScan upTo(KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
    TimedScan scan = new TimedScan(consumer, ends);
    consumer.seekToBeginning(ends.keySet());
    scan.forgetFinished();
    return scan;
  }

  /** One partition, from an offset to before another. */
  static TimedScan between(
      KafkaConsumer<byte[], byte[]> consumer, TopicPartition partition, long from, long end) {
    TimedScan scan = new TimedScan(consumer, Map.of(partition, end));
    consumer.seek(partition, from);
    scan.forgetFinished();
    return scan;
  }

  /**
   * Reads each partition until a record younger than this time was read, or to its end.
   *
   * @throws TimeoutException when no broker brings what stands there
   */
  void readPast(long millis, Consumer<ConsumerRecord<byte[], byte[]>> each) {
    if (passedMillis > millis) {
      return;
    }
    long silentSinceNanos = System.nanoTime();
    for (Set<TopicPartition> behind = behind(millis); !behind.isEmpty(); behind = behind(millis)) {
      Set<TopicPartition> ahead = new HashSet<>(consumer.assignment());
      ahead.removeAll(behind);
      consumer.pause(ahead);
      consumer.resume(behind);
      long before = positions(behind);
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        if (record.offset() < end(partition)) {
          each.accept(record);
          reachedMillis.merge(partition, record.timestamp(), Math::max);
        }
      }
      if (positions(behind) > before) {
        silentSinceNanos = System.nanoTime();
      } else if (System.nanoTime() - silentSinceNanos > PATIENCE.toNanos()) {
        throw new TimeoutException(
            "nothing more came of " + behind + " for " + PATIENCE.toSeconds() + " s");
      }
      forgetFinished();
    }
    passedMillis =
        reachedMillis.values().stream().mapToLong(Long::longValue).min().orElse(Long.MAX_VALUE);
  }

  void readToEnd(Consumer<ConsumerRecord<byte[], byte[]>> each) {
    readPast(Long.MAX_VALUE - 1, each);
  }

  @Override
  public void close() {
    consumer.close();
  }

  private Set<TopicPartition> behind(long millis) {
    Set<TopicPartition> behind = new HashSet<>();
    reachedMillis.forEach((partition, reached) -> {
      if (reached <= millis) {
        behind.add(partition);
      }
    });
    return behind;
  }

  private void forgetFinished() {
    for (TopicPartition partition : List.copyOf(reachedMillis.keySet())) {
      if (consumer.position(partition) >= end(partition)) {
        reachedMillis.put(partition, Long.MAX_VALUE);
      }
    }
  }

  private long positions(Collection<TopicPartition> partitions) {
    return partitions.stream().mapToLong(consumer::position).sum();
  }

  private long end(TopicPartition partition) {
    return ends.getOrDefault(partition, 0L);
  }
}
