package io.tandemmail.runtime.kafka;

import io.tandemmail.model.settings.KafkaSettings;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Every Kafka client of Tandem is made here, so that no default of Kafka's decides about losing mail. */
public final class KafkaClients {
  /** The consumer group of all sender workers. */
  public static final String WORKER_GROUP = "tandem-workers";

  /** The application id of all routers, which is their consumer group too. */
  public static final String ROUTER_APPLICATION = "tandem-router";

  /** Who is silent for so long is dead: the shortest that brokers allow unless they are told otherwise. */
  public static final int SESSION_MILLIS = 6_000;

  /**
   * By the answer to one a member learns that the others wait for it. A rolling restart makes them wait up to four times, so
   * this, and not the session, is what its gaps are made of.
   */
  public static final int HEARTBEAT_MILLIS = 300;

  private static final int MIB = 1 << 20;

  private KafkaClients() {}

  /** What every client needs; the user's own properties come last and win. */
  public static Map<String, Object> common(KafkaSettings kafka, String clientId) {
    Map<String, Object> config = new HashMap<>();
    config.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers());
    config.put(CommonClientConfigs.CLIENT_ID_CONFIG, clientId);
    config.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, 1_000);
    config.put(CommonClientConfigs.METADATA_MAX_AGE_CONFIG, 30_000);
    config.putAll(kafka.properties());
    return config;
  }

  public static KafkaProducer<byte[], byte[]> producer(KafkaSettings kafka, String clientId) {
    return producer(kafka, clientId, Map.of());
  }

  public static KafkaProducer<byte[], byte[]> producer(
      KafkaSettings kafka, String clientId, Map<String, Object> overrides) {
    Map<String, Object> config = new HashMap<>();
    config.put(ProducerConfig.ACKS_CONFIG, "all");
    config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    config.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 5);
    config.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    config.put(ProducerConfig.LINGER_MS_CONFIG, 5);
    config.put(ProducerConfig.BATCH_SIZE_CONFIG, 256 << 10);
    config.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 64L * MIB);
    config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 32 * MIB);
    config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 4_000);
    config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
    config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 30_000);
    config.putAll(overrides);
    config.putAll(common(kafka, clientId));
    return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** No group unless {@code overrides} name one; no silent reset of positions. */
  public static KafkaConsumer<byte[], byte[]> consumer(
      KafkaSettings kafka, String clientId, Map<String, Object> overrides) {
    Map<String, Object> config = new HashMap<>();
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    config.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 100);
    config.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 2 * MIB);
    config.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 16 * MIB);
    config.putAll(overrides);
    config.putAll(common(kafka, clientId));
    return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  public static Admin admin(KafkaSettings kafka, String clientId) {
    Map<String, Object> config = common(kafka, clientId);
    config.putIfAbsent(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
    config.putIfAbsent(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, 15_000);
    return Admin.create(config);
  }

  /** Why no broker answers within the time; empty when one does. */
  public static Optional<String> unreachable(KafkaSettings kafka, Duration within) {
    Optional<String> silence =
        Optional.of("no Kafka broker answers at " + kafka.bootstrapServers());
    Admin admin;
    try {
      admin = admin(kafka, "tandem-probe");
    } catch (KafkaException e) {
      // Names that do not resolve.
      return silence;
    }
    try {
      admin.describeCluster().nodes().get(within.toMillis(), TimeUnit.MILLISECONDS);
      return Optional.empty();
    } catch (TimeoutException | ExecutionException e) {
      return silence;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of("interrupted while asking for Kafka");
    } finally {
      // A plain close waits for the question's own timeout, long after the caller's.
      admin.close(Duration.ZERO);
    }
  }
}
