package io.tandemmail.router;

import io.tandemmail.model.settings.KafkaSettings;
import io.tandemmail.runtime.kafka.KafkaClients;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsConfig;

/** The Kafka Streams settings that I1 and the time of a failover depend on, with the reason for each. */
final class StreamsSettings {
  private static final int MIB = 1 << 20;
  private static final int RECORDS_AT_ONCE = 100;

  private StreamsSettings() {}

  static Properties of(KafkaSettings kafka, String instance, String hostAndPort, Path stateDir) {
    Properties config = new Properties();
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, KafkaClients.ROUTER_APPLICATION);
    config.put(StreamsConfig.CLIENT_ID_CONFIG, instance);
    config.put(StreamsConfig.APPLICATION_SERVER_CONFIG, hostAndPort);
    config.put(StreamsConfig.STATE_DIR_CONFIG, stateDir.toString());
    config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    config.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, (int) kafka.replicationFactor());
    config.put(
        StreamsConfig.NUM_STREAM_THREADS_CONFIG,
        Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
    config.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, kafka.replicationFactor() > 1 ? 1 : 0);
    // For what no processor asked to be committed at its own pace (router.commit).
    config.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 500);
    config.put(StreamsConfig.POLL_MS_CONFIG, 10);
    // Decisions do not depend on the order of topics, so no time is spent on looking for it.
    config.put(StreamsConfig.MAX_TASK_IDLE_MS_CONFIG, StreamsConfig.MAX_TASK_IDLE_MS_DISABLED);
    config.put(StreamsConfig.DEFAULT_KEY_SERDE_CLASS_CONFIG, Serdes.ByteArraySerde.class);
    config.put(StreamsConfig.DEFAULT_VALUE_SERDE_CLASS_CONFIG, Serdes.ByteArraySerde.class);
    config.put(StreamsConfig.DEFAULT_TIMESTAMP_EXTRACTOR_CLASS_CONFIG, SurvivingTimestamp.class);
    // A killed router hides its last transaction from read_committed readers for this long.
    config.put(StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG), 5_000);
    config.put(StreamsConfig.producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG), "lz4");
    // Nobody sees a record before its transaction commits, and the commit flushes: until then
    // batches gather, so that a transaction is one request to each broker and not one per record.
    config.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), 1_000);
    // A broker refuses the first append of a transaction while the markers of the one before are on
    // their way; the next try need not be late.
    config.put(StreamsConfig.producerPrefix(ProducerConfig.RETRY_BACKOFF_MS_CONFIG), 20);
    config.put(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), 256 << 10);
    config.put(StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG), 32 * MIB);
    config.put(
        StreamsConfig.consumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG),
        KafkaClients.SESSION_MILLIS);
    config.put(
        StreamsConfig.consumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG),
        KafkaClients.HEARTBEAT_MILLIS);
    config.put(StreamsConfig.consumerPrefix(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG), 50);
    config.put(
        StreamsConfig.consumerPrefix(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG), 2 * MIB);
    // A thread polls again only when all that it has is done, and takes one partition's records
    // after the other's: what
    // a poll brings is how long the other partitions, and the health of the servers, wait behind a
    // backlog.
    config.put(
        StreamsConfig.mainConsumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), RECORDS_AT_ONCE);
    config.put(
        StreamsConfig.mainConsumerPrefix(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG),
        128 << 10);
    // The copies of other routers' stores may be late; asking for them all the time costs brokers.
    config.put(StreamsConfig.restoreConsumerPrefix(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG), 500);
    config.put(
        StreamsConfig.topicPrefix(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG),
        kafka.replicationFactor() >= 3 ? 2 : 1);
    // As of the mail topics: a broker whose clock is behind refuses no store's record.
    config.put(
        StreamsConfig.topicPrefix(TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG),
        Long.toString(Long.MAX_VALUE));
    for (Map.Entry<String, Object> entry : KafkaClients.common(kafka, instance).entrySet()) {
      config.put(entry.getKey(), entry.getValue());
    }
    return config;
  }
}
