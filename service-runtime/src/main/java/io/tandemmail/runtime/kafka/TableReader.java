package io.tandemmail.runtime.kafka;

import io.tandemmail.model.settings.KafkaSettings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A compacted topic as a map that follows it: read from the beginning, then for ever, on a thread of its own. The broker
 * may be away or the topic missing: it tries again and the map keeps what it knew. A value the decoder refuses is as good
 * as absent.
 */
public final class TableReader<V> implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TableReader.class);
  private static final Duration RETRY = Duration.ofMillis(500);

  private final KafkaSettings kafka;
  private final String clientId;
  private final String topic;
  private final Function<byte[], Optional<V>> decoder;
  private final Map<String, V> table = new ConcurrentHashMap<>();
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private final CountDownLatch caughtUp = new CountDownLatch(1);
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final Thread thread;
  private volatile @Nullable KafkaConsumer<byte[], byte[]> following;

  private TableReader(
      KafkaSettings kafka, String clientId, String topic, Function<byte[], Optional<V>> decoder) {
    this.kafka = kafka;
    this.clientId = clientId;
    this.topic = topic;
    this.decoder = decoder;
    this.thread = Thread.ofPlatform().daemon().name("table-" + topic).unstarted(this::run);
  }

  public static <V> TableReader<V> start(
      KafkaSettings kafka, String clientId, String topic, Function<byte[], Optional<V>> decoder) {
    TableReader<V> reader = new TableReader<>(kafka, clientId, topic, decoder);
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
    KafkaConsumer<byte[], byte[]> consumer = following;
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
      try {
        follow();
      } catch (InterruptException | WakeupException stop) {
        return;
      } catch (KafkaException e) {
        LOG.warn("cannot read {}: {}; trying again", topic, e.getMessage());
        if (pause()) {
          return;
        }
      }
    }
  }

  private void follow() {
    Map<String, Object> overrides =
        Map.of(
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
            "earliest",
            ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
            250);
    try (KafkaConsumer<byte[], byte[]> consumer =
        KafkaClients.consumer(kafka, clientId, overrides)) {
      following = consumer;
      List<TopicPartition> partitions = partitions(consumer);
      if (partitions.isEmpty()) {
        return;
      }
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (stopping.getCount() > 0) {
        boolean changed = false;
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(500))) {
          changed |= apply(record);
        }
        if (changed) {
          listeners.forEach(Runnable::run);
        }
        if (!isCaughtUp()
            && partitions.stream().allMatch(p -> consumer.position(p) >= ends.get(p))) {
          caughtUp.countDown();
          listeners.forEach(Runnable::run);
        }
      }
    } finally {
      following = null;
    }
  }

  private List<TopicPartition> partitions(KafkaConsumer<byte[], byte[]> consumer) {
    List<PartitionInfo> found = consumer.partitionsFor(topic);
    if (found == null || found.isEmpty()) {
      pause();
      return List.of();
    }
    return found.stream().map(info -> new TopicPartition(topic, info.partition())).toList();
  }

  private boolean apply(ConsumerRecord<byte[], byte[]> record) {
    if (record.key() == null) {
      return false;
    }
    String key = new String(record.key(), StandardCharsets.UTF_8);
    Optional<V> value = record.value() == null ? Optional.empty() : decoder.apply(record.value());
    if (value.isPresent()) {
      table.put(key, value.get());
    } else {
      table.remove(key);
    }
    return true;
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
