package io.tandemmail.console.drill;

import io.tandemmail.model.drill.DrillTally;
import io.tandemmail.model.outcome.OutcomeJson;
import io.tandemmail.model.server.ServerHealth;
import io.tandemmail.model.server.ServerJson;
import io.tandemmail.model.settings.KafkaSettings;
import io.tandemmail.model.wire.Topics;
import io.tandemmail.runtime.kafka.KafkaClients;
import io.tandemmail.runtime.time.SteadyClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/** What happens on the topics while a drill lasts: health from the beginning, outcomes from now on. */
final class DrillFeed implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(50);

  private final Consumer<byte[], byte[]> consumer;
  private final DrillTally tally;
  private final Map<String, ServerHealth> health = new HashMap<>();

  private DrillFeed(Consumer<byte[], byte[]> consumer, DrillTally tally) {
    this.consumer = consumer;
    this.tally = tally;
  }

  /** Returns once the present health of all servers is known and no later outcome can be missed. */
  static DrillFeed start(KafkaSettings kafka, String clientId, DrillTally tally) {
    Consumer<byte[], byte[]> consumer =
        KafkaClients.consumer(
            kafka, clientId, Map.of(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest"));
    try {
      DrillFeed feed = new DrillFeed(consumer, tally);
      feed.start();
      return feed;
    } catch (RuntimeException e) {
      consumer.close();
      throw e;
    }
  }

  private void start() {
    List<TopicPartition> outcomes = partitions(Topics.OUTCOMES);
    List<TopicPartition> servers = partitions(Topics.SERVER_HEALTH);
    List<TopicPartition> all = new ArrayList<>(outcomes);
    all.addAll(servers);
    consumer.assign(all);
    Map<TopicPartition, Long> ends = consumer.endOffsets(all);
    outcomes.forEach(partition -> consumer.seek(partition, end(ends, partition)));
    consumer.seekToBeginning(servers);
    while (servers.stream().anyMatch(p -> consumer.position(p) < end(ends, p))) {
      take();
    }
  }

  /** As far as it was read; a server nobody reported on is healthy. */
  ServerHealth health(String server) {
    ServerHealth known = health.get(server);
    return known == null ? ServerHealth.unknown(server) : known;
  }

  /** Reads on until it is true; false when the time is over before. */
  boolean until(BooleanSupplier reached, Duration within) {
    long deadlineNanos = System.nanoTime() + within.toNanos();
    while (!reached.getAsBoolean()) {
      if (System.nanoTime() - deadlineNanos > 0 || Thread.currentThread().isInterrupted()) {
        return false;
      }
      take();
    }
    return true;
  }

  @Override
  public void close() {
    consumer.close();
  }

  private void take() {
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
      if (record.value() == null) {
        continue;
      }
      if (record.topic().equals(Topics.SERVER_HEALTH)) {
        ServerJson.readHealth(record.value())
            .ifPresent(now -> {
              health.put(now.server(), now);
              tally.health(now, SteadyClock.now());
            });
      } else {
        outcome(record.value());
      }
    }
  }

  private void outcome(byte[] value) {
    try {
      OutcomeJson.read(value).ifPresent(tally::outcome);
    } catch (IllegalArgumentException unreadable) {
      // Not ours; the router keeps such a record out of its counts as well.
    }
  }

  private List<TopicPartition> partitions(String topic) {
    return Objects.requireNonNullElse(consumer.partitionsFor(topic), List.<PartitionInfo>of())
        .stream()
        .map(info -> new TopicPartition(topic, info.partition()))
        .toList();
  }

  private static long end(Map<TopicPartition, Long> ends, TopicPartition partition) {
    return Objects.requireNonNull(ends.get(partition));
  }
}
