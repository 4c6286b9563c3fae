package io.tandemmail.ingest.accept;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import io.tandemmail.model.settings.KafkaSettings;
import io.tandemmail.model.wire.Headers;
import io.tandemmail.model.wire.HomePartition;
import io.tandemmail.model.wire.Topics;
import io.tandemmail.runtime.kafka.KafkaHeaders;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Appends to {@code mail.submitted}, at the id's home partition, acknowledged by all in-sync replicas. */
public final class KafkaSubmissionLog implements SubmissionLog {
  private final PromptProducer producer;
  private final int partitions;

  public KafkaSubmissionLog(KafkaSettings kafka, String instance, MeterRegistry registry) {
    producer = new PromptProducer(kafka, instance + "-submitted");
    partitions = kafka.partitions();
    new KafkaClientMetrics(producer.client()).bindTo(registry);
  }

  @Override
  public CompletableFuture<Void> append(String id, Headers headers, byte[] value) {
    return producer.append(
        new ProducerRecord<>(
            Topics.SUBMITTED,
            HomePartition.of(id, partitions),
            id.getBytes(StandardCharsets.UTF_8),
            value,
            KafkaHeaders.to(headers)));
  }

  @Override
  public void close() {
    producer.close();
  }
}
