package io.tandemmail.ingest.reports;

import io.tandemmail.ingest.bounce.LateEvents;
import io.tandemmail.model.settings.KafkaSettings;
import io.tandemmail.model.suppression.Suppression;
import io.tandemmail.runtime.kafka.KafkaClients;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;

/** Appends to {@code mail.outcomes} and {@code mail.suppressions}, acknowledged by all in-sync replicas. */
public final class KafkaEventLog implements EventLog {
  private final KafkaProducer<byte[], byte[]> producer;
  private final int partitions;

  public KafkaEventLog(KafkaSettings kafka, String instance) {
    Map<String, Object> impatient =
        Map.of(
            ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 4_500,
            ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 4_000,
            ProducerConfig.MAX_BLOCK_MS_CONFIG, 2_000);
    producer = KafkaClients.producer(kafka, instance + "-reports", impatient);
    partitions = kafka.partitions();
  }

  @Override
  public CompletableFuture<Void> append(LateEvents events, List<Suppression> entries) {
    List<CompletableFuture<Void>> all = new ArrayList<>();
    for (ProducerRecord<byte[], byte[]> record : LateRecords.of(events, entries, partitions)) {
      all.add(send(record));
    }
    return CompletableFuture.allOf(all.toArray(new CompletableFuture<?>[0]));
  }

  private CompletableFuture<Void> send(ProducerRecord<byte[], byte[]> record) {
    CompletableFuture<Void> durable = new CompletableFuture<>();
    try {
      producer.send(
          record,
          (metadata, failure) -> {
            if (failure == null) {
              durable.complete(null);
            } else {
              durable.completeExceptionally(failure);
            }
          });
    } catch (KafkaException | IllegalStateException e) {
      durable.completeExceptionally(e);
    }
    return durable;
  }

  @Override
  public void close() {
    producer.close(Duration.ofSeconds(5));
  }
}
