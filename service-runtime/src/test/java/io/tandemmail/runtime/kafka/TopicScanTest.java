package io.tandemmail.runtime.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.Test;

class TopicScanTest {
  private static final TopicPartition FIRST = new TopicPartition("mail.outcomes", 0);
  private static final TopicPartition SECOND = new TopicPartition("mail.outcomes", 1);

  /** Where the time asked for is found: offset 2 of the first partition, nowhere in the second. */
  private final MockConsumer<byte[], byte[]> consumer =
      new MockConsumer<>("earliest") {
        @Override
        public synchronized Map<TopicPartition, OffsetAndTimestamp> offsetsForTimes(
            Map<TopicPartition, Long> times) {
          Map<TopicPartition, OffsetAndTimestamp> found = new HashMap<>();
          found.put(FIRST, new OffsetAndTimestamp(2, times.get(FIRST)));
          found.put(SECOND, null);
          return found;
        }
      };

  private final List<String> read = new ArrayList<>();

  @Test
  void readsFromTheTimeToTheEndAsItWasAtTheStart() {
    topic();
    consumer.updateEndOffsets(Map.of(FIRST, 4L, SECOND, 7L));
    consumer.schedulePollTask(() -> {
      for (int offset = 2; offset < 6; offset++) {
        consumer.addRecord(record(offset));
      }
    });

    scan(Duration.ofSeconds(30));

    assertThat(read).containsExactly("2", "3");
  }

  @Test
  void aTopicThatIsNotThereIsNamed() {
    assertThatThrownBy(() -> scan(Duration.ofSeconds(30)))
        .isInstanceOf(UnknownTopicOrPartitionException.class)
        .hasMessageContaining("mail.outcomes");
  }

  @Test
  void givesUpWhenNothingMoreComes() {
    topic();
    consumer.updateEndOffsets(Map.of(FIRST, 4L, SECOND, 7L));

    assertThatThrownBy(() -> scan(Duration.ZERO)).isInstanceOf(TimeoutException.class);
  }

  private void topic() {
    Node node = new Node(1, "localhost", 9092);
    Node[] one = {node};
    consumer.updatePartitions(
        "mail.outcomes",
        List.of(
            new PartitionInfo("mail.outcomes", 0, node, one, one),
            new PartitionInfo("mail.outcomes", 1, node, one, one)));
    consumer.updateBeginningOffsets(Map.of(FIRST, 0L, SECOND, 0L));
  }

  private void scan(Duration patience) {
    new TopicScan(consumer, patience)
        .read(
            "mail.outcomes",
            Instant.EPOCH,
            found -> read.add(new String(found.value(), StandardCharsets.UTF_8)));
  }

  private static ConsumerRecord<byte[], byte[]> record(int offset) {
    return new ConsumerRecord<>(
        "mail.outcomes",
        0,
        offset,
        null,
        Integer.toString(offset).getBytes(StandardCharsets.UTF_8));
  }
}
