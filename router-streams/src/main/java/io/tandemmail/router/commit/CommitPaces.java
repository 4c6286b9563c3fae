package io.tandemmail.router.commit;

import io.tandemmail.runtime.time.SteadyClock;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaClientSupplier;

/** A pace for each of a router's threads, and the producers that tell it how long each commit took. */
public final class CommitPaces {
  private final ThreadLocal<CommitPace> paces = ThreadLocal.withInitial(CommitPace::new);

  /** @return that of the calling thread, which Kafka Streams has both process records and commit */
  public CommitPace ofThread() {
    return paces.get();
  }

  /** @return clients as Kafka Streams would make them itself, but for the producer's timekeeping */
  public KafkaClientSupplier clients() {
    return new Clients();
  }

  private final class Clients implements KafkaClientSupplier {
    @Override
    public Admin getAdmin(Map<String, Object> config) {
      return Admin.create(config);
    }

    @Override
    public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
      return new TimedProducer(config);
    }

    @Override
    public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
      return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @Override
    public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
      return getConsumer(config);
    }

    @Override
    public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
      return getConsumer(config);
    }
  }

  /** A commit is three calls: what was sent is flushed, then the offsets and the end of the transaction are written. */
  private final class TimedProducer extends KafkaProducer<byte[], byte[]> {
    private long spentMillis;

    TimedProducer(Map<String, Object> config) {
      super(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    @Override
    public void flush() {
      timed(super::flush);
    }

    @Override
    public void sendOffsetsToTransaction(
        Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group) {
      timed(() -> super.sendOffsetsToTransaction(offsets, group));
    }

    @Override
    public void commitTransaction() {
      timed(super::commitTransaction);
      ofThread().committed(SteadyClock.millis(), spentMillis);
      spentMillis = 0;
    }

    private void timed(Runnable call) {
      long began = SteadyClock.millis();
      try {
        call.run();
      } finally {
        spentMillis += SteadyClock.millis() - began;
      }
    }
  }
}
