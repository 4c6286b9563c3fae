package io.tandemmail.runtime.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.model.wire.HomePartition;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.junit.jupiter.api.Test;

/** The model's copy of murmur2 must be Kafka's: a Java producer's records are at home without being forwarded. */
class HomePartitionTest {
  @Test
  void homeIsWhereKafkasDefaultPartitionerPutsTheKey() {
    Random random = new Random(1);
    for (int i = 0; i < 10_000; i++) {
      String id = Long.toHexString(random.nextLong()).substring(random.nextInt(8));
      byte[] key = id.getBytes(StandardCharsets.UTF_8);
      assertThat(HomePartition.of(id, 12)).isEqualTo(BuiltInPartitioner.partitionForKey(key, 12));
    }
  }
}
