package io.tandemmail.runtime.kafka;

import io.tandemmail.model.settings.KafkaSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Reads what is committed on a topic, from a time to where its end was when the reading began. */
public final class TopicScan {
  private static final Duration POLL = Duration.ofMillis(250);

  private final Consumer<byte[], byte[]> consumer;
  private final Duration patience;

  /**
   * @param patience without any progress
   */
  TopicScan(Consumer<byte[], byte[]> consumer, Duration patience) {
    this.consumer = consumer;
    this.patience = patience;
  }

  /**
   * In the order of each partition; partitions come mixed.
   *
   * @param from the record's timestamp
   * @throws KafkaException when the topic is missing, or no broker brings what stands there within 30 s
   */
  public static void since(
      KafkaSettings kafka,
      String clientId,
      String topic,
      Instant from,
      java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> each) {
    try (Consumer<byte[], byte[]> consumer =
        KafkaClients.consumer(
            kafka, clientId, Map.of(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest"))) {
      new TopicScan(consumer, Duration.ofSeconds(30)).read(topic, from, each);
    }
  }

  void read(
      String topic,
      Instant from,
      java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> each) {
    List<TopicPartition> partitions =
        Objects.requireNonNullElse(
                consumer.partitionsFor(topic), List.<org.apache.kafka.common.PartitionInfo>of())
            .stream()
            .map(info -> new TopicPartition(topic, info.partition()))
            .toList();
    if (partitions.isEmpty()) {
      throw new UnknownTopicOrPartitionException("topic " + topic + " does not exist");
    }
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    consumer.assign(partitions);
    seek(partitions, from, ends);
    Set<TopicPartition> open = new HashSet<>(partitions);
    open.removeIf(partition -> consumer.position(partition) >= end(ends, partition));
    long silentSince = System.nanoTime();
    while (!open.isEmpty()) {
      long before = positions(open);
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        if (record.offset() < end(ends, new TopicPartition(topic, record.partition()))) {
          each.accept(record);
        }
      }
      if (positions(open) > before) {
        silentSince = System.nanoTime();
      } else if (System.nanoTime() - silentSince > patience.toNanos()) {
        throw new TimeoutException(
            "nothing more came of " + topic + " for " + patience.toSeconds() + " s");
      }
      open.removeIf(partition -> consumer.position(partition) >= end(ends, partition));
    }
  }

  private void seek(List<TopicPartition> partitions, Instant from, Map<TopicPartition, Long> ends) {
    Map<TopicPartition, Long> times = new HashMap<>();
    partitions.forEach(partition -> times.put(partition, from.toEpochMilli()));
    Map<TopicPartition, OffsetAndTimestamp> found = consumer.offsetsForTimes(times);
    for (TopicPartition partition : partitions) {
      OffsetAndTimestamp first = found.get(partition);
      consumer.seek(partition, first == null ? end(ends, partition) : first.offset());
    }
  }

  private long positions(Set<TopicPartition> partitions) {
    return partitions.stream().mapToLong(consumer::position).sum();
  }

  private static long end(Map<TopicPartition, Long> ends, TopicPartition partition) {
    return Objects.requireNonNull(ends.get(partition));
  }
}
