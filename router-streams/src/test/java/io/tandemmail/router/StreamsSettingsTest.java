package io.tandemmail.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.model.settings.KafkaSettings;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;

class StreamsSettingsTest {
  @Test
  void aBacklogOfOnePartitionHoldsUpTheOthersForFewRecords() {
    Map<String, Object> consumer = consumer(Map.of());

    assertThat((int) consumer.get(ConsumerConfig.MAX_POLL_RECORDS_CONFIG)).isLessThanOrEqualTo(100);
    assertThat((int) consumer.get(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG))
        .isLessThanOrEqualTo(128 << 10);
  }

  @Test
  void whatTheUserSetsWins() {
    Map<String, Object> consumer =
        consumer(
            Map.of(
                StreamsConfig.mainConsumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), "500"));

    assertThat(consumer).containsEntry(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "500");
  }

  /** As Kafka Streams makes it of the settings. */
  private static Map<String, Object> consumer(Map<String, String> properties) {
    KafkaSettings kafka =
        new KafkaSettings("127.0.0.1:1", Optional.empty(), 6, (short) 3, properties);
    return new StreamsConfig(StreamsSettings.of(kafka, "router-1", "127.0.0.1:1", Path.of("state")))
        .getMainConsumerConfigs("group", "client", 0);
  }
}
