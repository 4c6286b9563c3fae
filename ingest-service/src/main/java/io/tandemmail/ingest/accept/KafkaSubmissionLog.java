package io.tandemmail.ingest.accept;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import io.tandemmail.model.settings.KafkaSettings;
import io.tandemmail.model.wire.Headers;
import io.tandemmail.model.wire.HomePartition;
import io.tandemmail.model.wire.Topics;
import io.tandemmail.runtime.kafka.KafkaClients;
import io.tandemmail.runtime.kafka.KafkaHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;

/** Appends to {@code mail.submitted}, at the id's home partition, acknowledged by all in-sync replicas. */
public final class KafkaSubmissionLog implements SubmissionLog {
  private final KafkaProducer<byte[], byte[]> producer;
  private final int partitions;

  public KafkaSubmissionLog(KafkaSettings kafka, String instance, MeterRegistry registry) {
    // A submitter waits: refuse within five seconds rather than accept late.
    Map<String, Object> impatient =
        Map.of(
            ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 4_500,
            ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 4_000,
            ProducerConfig.MAX_BLOCK_MS_CONFIG, 2_000,
            ProducerConfig.LINGER_MS_CONFIG, 2);
    producer = KafkaClients.producer(kafka, instance + "-submitted", impatient);
    partitions = kafka.partitions();
    new KafkaClientMetrics(producer).bindTo(registry);
  }

  @Override
  public CompletableFuture<Void> append(String id, Headers headers, byte[] value) {
    CompletableFuture<Void> durable = new CompletableFuture<>();
    byte[] key = id.getBytes(StandardCharsets.UTF_8);
    try {
      producer.send(
          new ProducerRecord<>(
              Topics.SUBMITTED,
              HomePartition.of(id, partitions),
              key,
              value,
              KafkaHeaders.to(headers)),
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
