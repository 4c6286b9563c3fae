package io.tandemmail.runtime.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Waits for the reader's thread only through its own announcements. */
class TableReaderTest {
  private static final String TOPIC = "mail.server-health";
  private static final TopicPartition PARTITION = new TopicPartition(TOPIC, 0);
  private static final Duration SOON = Duration.ofSeconds(10);

  private final BlockingQueue<Map<String, String>> seen = new LinkedBlockingQueue<>();
  private final BlockingQueue<MockConsumer<byte[], byte[]>> consumers = new LinkedBlockingQueue<>();
  private final CountDownLatch listening = new CountDownLatch(1);
  private @Nullable TableReader<String> reader;

  @AfterEach
  void stop() {
    if (reader != null) {
      reader.close();
    }
  }

  @Test
  void showsWhatStandsOnTheTopicAtOnceAndNeverItsHistory() throws Exception {
    MockConsumer<byte[], byte[]> consumer = consumer(3);
    consumer.schedulePollTask(() -> {
      consumer.addRecord(record(0, "mx-a", "DOWN"));
      consumer.addRecord(record(1, "mx-b", "UP"));
    });
    consumer.schedulePollTask(() -> consumer.addRecord(record(2, "mx-a", "UP")));
    start(consumer);

    assertThat(next()).isEqualTo(Map.of("mx-a", "UP", "mx-b", "UP"));
  }

  @Test
  void followsChangesAndTombstones() throws Exception {
    MockConsumer<byte[], byte[]> consumer = consumer(1);
    consumer.schedulePollTask(() -> consumer.addRecord(record(0, "mx-a", "UP")));
    start(consumer);
    assertThat(next()).isEqualTo(Map.of("mx-a", "UP"));
    assertThat(reader().get("mx-a")).contains("UP");

    consumer.schedulePollTask(() -> consumer.addRecord(record(1, "mx-a", null)));
    assertThat(next()).isEmpty();
  }

  @Test
  void aValueTheDecoderFailsOnIsAbsentAndStopsNothing() throws Exception {
    MockConsumer<byte[], byte[]> consumer = consumer(3);
    consumer.schedulePollTask(() -> {
      consumer.addRecord(record(0, "mx-a", "throw"));
      consumer.addRecord(record(1, "mx-b", "refuse"));
      consumer.addRecord(record(2, "mx-c", "UP"));
    });
    start(consumer);

    assertThat(next()).isEqualTo(Map.of("mx-c", "UP"));
  }

  @Test
  void keepsWhatItKnewThroughAFailureAndForgetsWhatWasDeletedMeanwhile() throws Exception {
    MockConsumer<byte[], byte[]> first = consumer(2);
    first.schedulePollTask(() -> {
      first.addRecord(record(0, "mx-a", "UP"));
      first.addRecord(record(1, "gone", "UP"));
    });
    start(first);
    assertThat(next()).containsOnlyKeys("mx-a", "gone");

    first.setPollException(new KafkaException("the broker is away"));
    MockConsumer<byte[], byte[]> second = consumer(2);
    second.schedulePollTask(() -> second.addRecord(record(0, "mx-a", "DOWN")));
    second.schedulePollTask(() -> {
      assertThat(reader().snapshot()).containsOnlyKeys("mx-a", "gone");
      second.addRecord(record(1, "mx-a", "UP"));
    });
    consumers.add(second);

    assertThat(next()).isEqualTo(Map.of("mx-a", "UP"));
  }

  @Test
  void aMissingTopicIsAskedForAgain() throws Exception {
    MockConsumer<byte[], byte[]> none = new MockConsumer<>("earliest");
    MockConsumer<byte[], byte[]> later = consumer(0);
    start(none);
    consumers.add(later);

    assertThat(next()).isEmpty();
    assertThat(reader().isCaughtUp()).isTrue();
    assertThat(none.closed()).isTrue();
  }

  private void start(MockConsumer<byte[], byte[]> first) {
    consumers.add(first);
    reader = TableReader.start(this::nextConsumer, TOPIC, TableReaderTest::decode);
    reader.onChange(() -> seen.add(reader().snapshot()));
    listening.countDown();
  }

  /** The first is held back until the test listens: no table may be shown unseen. */
  private MockConsumer<byte[], byte[]> nextConsumer() {
    try {
      listening.await();
      return consumers.take();
    } catch (InterruptedException e) {
      throw new KafkaException(e);
    }
  }

  private TableReader<String> reader() {
    if (reader == null) {
      throw new IllegalStateException("not started");
    }
    return reader;
  }

  private Map<String, String> next() throws InterruptedException {
    Map<String, String> table = seen.poll(SOON.toSeconds(), TimeUnit.SECONDS);
    assertThat(table).as("a table within %s", SOON).isNotNull();
    return table == null ? Map.of() : table;
  }

  private static Optional<String> decode(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    return switch (text) {
      case "throw" -> throw new IllegalArgumentException("a defect in the decoder");
      case "refuse" -> Optional.empty();
      default -> Optional.of(text);
    };
  }

  private static MockConsumer<byte[], byte[]> consumer(long end) {
    MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
    Node node = new Node(1, "h", 1);
    Node[] nodes = {node};
    consumer.updatePartitions(TOPIC, List.of(new PartitionInfo(TOPIC, 0, node, nodes, nodes)));
    consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
    consumer.updateEndOffsets(Map.of(PARTITION, end));
    return consumer;
  }

  private static ConsumerRecord<byte[], byte[]> record(
      long offset, String key, @Nullable String value) {
    return new ConsumerRecord<>(
        TOPIC,
        0,
        offset,
        key.getBytes(StandardCharsets.UTF_8),
        value == null ? null : value.getBytes(StandardCharsets.UTF_8));
  }
}
