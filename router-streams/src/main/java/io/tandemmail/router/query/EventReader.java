package io.tandemmail.router.query;

import io.tandemmail.model.settings.KafkaSettings;
import io.tandemmail.model.wire.Topics;
import io.tandemmail.runtime.kafka.KafkaClients;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** Reads single events of {@code mail.outcomes} by offset. An event that aged out is left out. */
final class EventReader implements AutoCloseable {
  private static final Duration WAIT = Duration.ofSeconds(1);

  private final KafkaConsumer<byte[], byte[]> consumer;

  EventReader(KafkaSettings kafka, String clientId) {
    consumer =
        KafkaClients.consumer(
            kafka,
            clientId,
            Map.of(
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                1,
                ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                16 << 10));
  }

  synchronized List<byte[]> read(int partition, List<Long> offsets, String id) {
    TopicPartition outcomes = new TopicPartition(Topics.OUTCOMES, partition);
    List<byte[]> events = new ArrayList<>();
    try {
      consumer.assign(List.of(outcomes));
      for (long offset : offsets) {
        readOne(outcomes, offset)
            .filter(event -> isOf(event, id))
            .ifPresent(event -> events.add(event.value()));
      }
    } catch (KafkaException unavailable) {
      // The state answers without its events rather than not at all.
      return events;
    }
    return events;
  }

  @Override
  public synchronized void close() {
    consumer.close();
  }

  private Optional<ConsumerRecord<byte[], byte[]>> readOne(TopicPartition outcomes, long offset) {
    consumer.seek(outcomes, offset);
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(WAIT)) {
      return record.offset() == offset ? Optional.of(record) : Optional.empty();
    }
    return Optional.empty();
  }

  private static boolean isOf(ConsumerRecord<byte[], byte[]> event, String id) {
    return event.value() != null
        && event.key() != null
        && new String(event.key(), StandardCharsets.UTF_8).equals(id);
  }
}
