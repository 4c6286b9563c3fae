package io.tandemmail.runtime.lanes;

import io.tandemmail.model.settings.KafkaSettings;
import io.tandemmail.model.settings.RouteSettings;
import io.tandemmail.model.settings.Settings;
import io.tandemmail.model.submission.Role;
import io.tandemmail.model.wire.Topics;
import io.tandemmail.runtime.kafka.KafkaClients;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Reads lag, age and drain time of every lane. Each reading is a handful of broker calls; the rate needs two readings. */
public final class LaneLagReader implements AutoCloseable {
  private static final long CALL_SECONDS = 15;
  private static final Duration AGE_WAIT = Duration.ofSeconds(2);

  private final Admin admin;
  private final KafkaConsumer<byte[], byte[]> oldest;
  private final Supplier<Settings> settings;
  private final int partitions;
  private final Map<String, Reading> before = new HashMap<>();

  public LaneLagReader(Supplier<Settings> settings, String clientId) {
    this.settings = settings;
    KafkaSettings kafka = settings.get().kafka();
    admin = KafkaClients.admin(kafka, clientId + "-lag");
    oldest =
        KafkaClients.consumer(
            kafka,
            clientId + "-age",
            Map.of(
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest",
                ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 1,
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1_000));
    partitions = kafka.partitions();
  }

  private record Reading(long committed, long nanos) {}

  /** The cluster could not be asked; the readings so far stand. */
  public static final class Unavailable extends RuntimeException {
    private static final long serialVersionUID = 1;

    Unavailable(String message, Throwable cause) {
      super(message, cause);
    }
  }

  public synchronized List<LaneLag> read() {
    Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
    Map<TopicPartition, OffsetSpec> earliest = new HashMap<>();
    for (TopicPartition partition : lanePartitions()) {
      latest.put(partition, OffsetSpec.latest());
      earliest.put(partition, OffsetSpec.earliest());
    }
    try {
      Map<TopicPartition, ListOffsetsResultInfo> ends =
          admin
              .listOffsets(latest, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
              .all()
              .get(CALL_SECONDS, TimeUnit.SECONDS);
      Map<TopicPartition, ListOffsetsResultInfo> starts =
          admin.listOffsets(earliest).all().get(CALL_SECONDS, TimeUnit.SECONDS);
      Map<TopicPartition, OffsetAndMetadata> committed =
          admin
              .listConsumerGroupOffsets(KafkaClients.WORKER_GROUP)
              .partitionsToOffsetAndMetadata()
              .get(CALL_SECONDS, TimeUnit.SECONDS);
      return lanes(ends, starts, committed);
    } catch (ExecutionException | TimeoutException | KafkaException e) {
      throw new Unavailable("cannot read the lanes' lag: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Unavailable("interrupted while reading the lanes' lag", e);
    }
  }

  @Override
  public synchronized void close() {
    oldest.close();
    admin.close(Duration.ofSeconds(2));
  }

  private List<LaneLag> lanes(
      Map<TopicPartition, ListOffsetsResultInfo> ends,
      Map<TopicPartition, ListOffsetsResultInfo> starts,
      Map<TopicPartition, OffsetAndMetadata> committed) {
    Map<TopicPartition, Long> waiting = new HashMap<>();
    List<LaneLag> lanes = new ArrayList<>();
    Map<TopicPartition, Long> positions = new HashMap<>();
    ends.forEach((partition, end) -> {
      OffsetAndMetadata known = committed.get(partition);
      long position =
          known == null ? Objects.requireNonNull(starts.get(partition)).offset() : known.offset();
      positions.put(partition, position);
      if (end.offset() > position) {
        waiting.put(partition, position);
      }
    });
    Map<String, Long> firstTimestamps = firstTimestamps(waiting);
    for (RouteSettings route : settings.get().routes().values()) {
      for (String server : route.serversInOrder()) {
        String topic = Topics.lane(route.id(), server);
        long lag = 0;
        long done = 0;
        for (int p = 0; p < partitions; p++) {
          TopicPartition partition = new TopicPartition(topic, p);
          long position = Objects.requireNonNull(positions.get(partition));
          lag += Math.max(0, Objects.requireNonNull(ends.get(partition)).offset() - position);
          done += position;
        }
        Role role = server.equals(route.primary()) ? Role.PRIMARY : Role.SECONDARY;
        lanes.add(lane(route.id(), server, role, lag, done, firstTimestamps.get(topic)));
      }
    }
    return lanes;
  }

  private LaneLag lane(
      String route, String server, Role role, long lag, long done, @Nullable Long firstTimestamp) {
    Reading now = new Reading(done, System.nanoTime());
    Reading last = before.put(route + "/" + server, now);
    double seconds = last == null ? 0 : (now.nanos - last.nanos) / 1e9;
    double rate =
        last == null || seconds <= 0 ? 0 : Math.max(0, now.committed - last.committed) / seconds;
    OptionalDouble age =
        lag == 0
            ? OptionalDouble.of(0)
            : firstTimestamp == null
                ? OptionalDouble.empty()
                : OptionalDouble.of(
                    Math.max(0, System.currentTimeMillis() - firstTimestamp) / 1000.0);
    OptionalDouble drain =
        lag == 0
            ? OptionalDouble.of(0)
            : rate > 0 ? OptionalDouble.of(lag / rate) : OptionalDouble.empty();
    return new LaneLag(route, server, role, lag, age, rate, drain);
  }

  /** Per topic, the timestamp of the oldest record not yet committed; a lane whose records are slow to come has none. */
  private Map<String, Long> firstTimestamps(Map<TopicPartition, Long> waiting) {
    Map<String, Long> first = new HashMap<>();
    if (waiting.isEmpty()) {
      return first;
    }
    oldest.assign(waiting.keySet());
    waiting.forEach(oldest::seek);
    long deadlineNanos = System.nanoTime() + AGE_WAIT.toNanos();
    Set<TopicPartition> unanswered = new HashSet<>(waiting.keySet());
    while (!unanswered.isEmpty() && System.nanoTime() < deadlineNanos) {
      for (ConsumerRecord<byte[], byte[]> record : oldest.poll(Duration.ofMillis(100))) {
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        if (unanswered.remove(partition)) {
          first.merge(record.topic(), record.timestamp(), Math::min);
          oldest.pause(List.of(partition));
        }
      }
    }
    return first;
  }

  private List<TopicPartition> lanePartitions() {
    List<TopicPartition> all = new ArrayList<>();
    for (RouteSettings route : settings.get().routes().values()) {
      for (String server : route.serversInOrder()) {
        for (int p = 0; p < partitions; p++) {
          all.add(new TopicPartition(Topics.lane(route.id(), server), p));
        }
      }
    }
    return all;
  }
}
