package io.tandemmail.ingest.reports;

import io.tandemmail.ingest.accept.PromptProducer;
import io.tandemmail.ingest.bounce.LateEvents;
import io.tandemmail.model.settings.KafkaSettings;
import io.tandemmail.model.suppression.Suppression;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Appends to {@code mail.outcomes} and {@code mail.suppressions}, acknowledged by all in-sync replicas. */
public final class KafkaEventLog implements EventLog {
  private final PromptProducer producer;
  private final int partitions;

  public KafkaEventLog(KafkaSettings kafka, String instance) {
    producer = new PromptProducer(kafka, instance + "-reports");
    partitions = kafka.partitions();
  }

  @Override
  public CompletableFuture<Void> append(LateEvents events, List<Suppression> entries) {
    return CompletableFuture.allOf(
        LateRecords.of(events, entries, partitions).stream()
            .map(producer::append)
            .toArray(CompletableFuture<?>[]::new));
  }

  @Override
  public void close() {
    producer.close();
  }
}
