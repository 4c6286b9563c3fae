package io.tandemmail.bench;

import io.tandemmail.model.settings.KafkaSettings;
import io.tandemmail.runtime.kafka.KafkaClients;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.InterruptException;

/** A producer that is patient with a busy machine and says so when a record was not taken: a rate of fewer messages is none. */
final class Feeder implements AutoCloseable {
  private final KafkaProducer<byte[], byte[]> producer;
  private final AtomicReference<Exception> failure = new AtomicReference<>();

  Feeder(KafkaSettings kafka) {
    producer =
        KafkaClients.producer(
            kafka,
            "bench-feed",
            Map.of(
                ProducerConfig.MAX_BLOCK_MS_CONFIG,
                120_000,
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                120_000));
  }

  void send(ProducerRecord<byte[], byte[]> record) throws InterruptedException {
    interruptibly(() ->
        producer.send(
            record,
            (metadata, failed) -> {
              if (failed != null) {
                failure.set(failed);
              }
            }));
  }

  void flush() throws InterruptedException {
    interruptibly(producer::flush);
    Exception failed = failure.get();
    if (failed != null) {
      throw new IllegalStateException("the broker did not take every message", failed);
    }
  }

  /** As Java has it: the thread is not marked any more, so that what is closed on the way out can wait. */
  private static void interruptibly(Runnable call) throws InterruptedException {
    try {
      call.run();
    } catch (InterruptException e) {
      Thread.interrupted();
      throw new InterruptedException(e.getMessage());
    }
  }

  @Override
  public void close() {
    producer.close();
  }
}
