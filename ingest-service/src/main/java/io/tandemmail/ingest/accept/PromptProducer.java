package io.tandemmail.ingest.accept;

import io.tandemmail.model.settings.KafkaSettings;
import io.tandemmail.runtime.kafka.KafkaClients;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;

/** Appends for somebody who waits for the answer: it gives up within seconds rather than succeed late (docs/rules.md, 1). */
public final class PromptProducer implements AutoCloseable {
  private final KafkaProducer<byte[], byte[]> producer;

  public PromptProducer(KafkaSettings kafka, String clientId) {
    Map<String, Object> impatient =
        Map.of(
            ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 4_500,
            ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 4_000,
            ProducerConfig.MAX_BLOCK_MS_CONFIG, 2_000,
            ProducerConfig.LINGER_MS_CONFIG, 2);
    producer = KafkaClients.producer(kafka, clientId, impatient);
  }

  /** Completes when all in-sync replicas have the record, exceptionally when that is not known to be so. */
  public CompletableFuture<Void> append(ProducerRecord<byte[], byte[]> record) {
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

  /** For metrics. */
  Producer<byte[], byte[]> client() {
    return producer;
  }

  @Override
  public void close() {
    producer.close(Duration.ofSeconds(5));
  }
}
