package io.tandemmail.runtime.kafka;

import io.tandemmail.model.settings.KafkaSettings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A compacted topic as a map that follows it: read from the beginning, then for ever, on a thread of its own.
 *
 * <p>The broker may be away or the topic missing: it tries again and the map keeps what it knew. What stands on the topic
 * is read aside and shown at once when its end is reached: a reader never sees history replayed as news (a server that
 * was down an hour ago going down again), nor a key that was deleted while the broker was away. A value the decoder
 * refuses, or fails on, is as good as absent: one bad record must not stop the table for the others (I6).
 */
public final class TableReader<V> implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TableReader.class);
  private static final Duration RETRY = Duration.ofMillis(500);
  private static final Duration POLL = Duration.ofMillis(500);

  private final Supplier<Consumer<byte[], byte[]>> consumers;
  private final String topic;
  private final Function<byte[], Optional<V>> decoder;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private final CountDownLatch caughtUp = new CountDownLatch(1);
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final Thread thread;
  private volatile Map<String, V> table = new ConcurrentHashMap<>();
  private volatile @Nullable Consumer<byte[], byte[]> following;

  private TableReader(
      Supplier<Consumer<byte[], byte[]>> consumers,
      String topic,
      Function<byte[], Optional<V>> decoder) {
    this.consumers = consumers;
    this.topic = topic;
    this.decoder = decoder;
    this.thread = Thread.ofPlatform().daemon().name("table-" + topic).unstarted(this::run);
  }

  public static <V> TableReader<V> start(
      KafkaSettings kafka, String clientId, String topic, Function<byte[], Optional<V>> decoder) {
    Map<String, Object> overrides =
        Map.of(
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
            "earliest",
            ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
            250);
    return start(() -> KafkaClients.consumer(kafka, clientId, overrides), topic, decoder);
  }

  /**
   * @param consumers asked for a new one after each failure
   */
  static <V> TableReader<V> start(
      Supplier<Consumer<byte[], byte[]>> consumers,
      String topic,
      Function<byte[], Optional<V>> decoder) {
    TableReader<V> reader = new TableReader<>(consumers, topic, decoder);
    reader.thread.start();
    return reader;
  }

  public Optional<V> get(String key) {
    return Optional.ofNullable(table.get(key));
  }

  public Map<String, V> snapshot() {
    return Map.copyOf(table);
  }

  /** Runs after each batch of changes, on the reader's thread; must not block. */
  public void onChange(Runnable listener) {
    listeners.add(listener);
  }

  /** True once everything that stood on the topic when reading began is in the map. */
  public boolean awaitCaughtUp(Duration within) throws InterruptedException {
    return caughtUp.await(within.toMillis(), TimeUnit.MILLISECONDS);
  }

  public boolean isCaughtUp() {
    return caughtUp.getCount() == 0;
  }

  @Override
  public void close() {
    stopping.countDown();
    Consumer<byte[], byte[]> consumer = following;
    if (consumer != null) {
      consumer.wakeup();
    }
    try {
      thread.join(Duration.ofSeconds(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    while (stopping.getCount() > 0) {
      try (Consumer<byte[], byte[]> consumer = consumers.get()) {
        following = consumer;
        // Asked again: who closes now may have looked for a consumer to wake before there was one.
        if (stopping.getCount() > 0) {
          follow(consumer);
        }
      } catch (InterruptException | WakeupException stop) {
        return;
      } catch (KafkaException e) {
        LOG.warn("cannot read {}: {}; trying again", topic, e.getMessage());
        if (pause()) {
          return;
        }
      } finally {
        following = null;
      }
    }
  }

  @SuppressWarnings(
      "ReferenceEquality") // Whether readers already see this map, not one that is equal to it.
  private void follow(Consumer<byte[], byte[]> consumer) {
    List<TopicPartition> partitions = partitions(consumer);
    if (partitions.isEmpty()) {
      pause();
      return;
    }
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    Map<String, V> reading = new ConcurrentHashMap<>();
    while (stopping.getCount() > 0) {
      boolean changed = false;
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        changed |= apply(record, reading);
      }
      if (table == reading) {
        announce(changed);
      } else if (partitions.stream()
          .allMatch(p -> consumer.position(p) >= Objects.requireNonNull(ends.get(p)))) {
        table = reading;
        caughtUp.countDown();
        announce(true);
      }
    }
  }

  private void announce(boolean changed) {
    if (changed) {
      listeners.forEach(Runnable::run);
    }
  }

  private List<TopicPartition> partitions(Consumer<byte[], byte[]> consumer) {
    List<PartitionInfo> found = consumer.partitionsFor(topic);
    return found == null
        ? List.of()
        : found.stream().map(info -> new TopicPartition(topic, info.partition())).toList();
  }

  private boolean apply(ConsumerRecord<byte[], byte[]> record, Map<String, V> into) {
    if (record.key() == null) {
      return false;
    }
    String key = new String(record.key(), StandardCharsets.UTF_8);
    decoded(record).ifPresentOrElse(value -> into.put(key, value), () -> into.remove(key));
    return true;
  }

  private Optional<V> decoded(ConsumerRecord<byte[], byte[]> record) {
    if (record.value() == null) {
      return Optional.empty();
    }
    try {
      return decoder.apply(record.value());
    } catch (RuntimeException e) {
      LOG.error(
          "unreadable value at {}-{}@{}; taken as absent",
          topic,
          record.partition(),
          record.offset(),
          e);
      return Optional.empty();
    }
  }

  private boolean pause() {
    try {
      return stopping.await(RETRY.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }
}
