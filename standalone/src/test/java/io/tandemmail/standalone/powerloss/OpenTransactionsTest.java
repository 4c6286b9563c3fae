package io.tandemmail.standalone.powerloss;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.model.settings.KafkaSettings;
import io.tandemmail.runtime.kafka.KafkaClients;
import io.tandemmail.standalone.broker.EmbeddedBroker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What was seen after a kill -9: the coordinator has ended the router's transaction, and a partition never heard of it. Made
 * here by putting the partition's files back as they were before the marker.
 */
class OpenTransactionsTest {
  private static final TopicPartition LANE = new TopicPartition("lane", 0);
  private static final Duration SHORT = Duration.ofSeconds(2);

  @TempDir Path folder;

  @Test
  void aTransactionThatOnlyThePartitionHoldsOpenIsSeenAndAborted() throws Exception {
    Path partition = folder.resolve("kafka").resolve(LANE.toString());
    Path older = folder.resolve("older");
    try (EmbeddedBroker broker = broker();
        Admin admin = KafkaClients.admin(at(broker), "test")) {
      admin.createTopics(List.of(new NewTopic(LANE.topic(), 1, (short) 1))).all().get();
      try (KafkaProducer<byte[], byte[]> router = router(broker)) {
        router.initTransactions();
        send(router);
        router.commitTransaction();
        send(router);
        copy(partition, older);
        router.commitTransaction();
      }
      assertThat(OpenTransactions.end(admin, SHORT)).isTrue();
      assertThat(readable(admin)).isEqualTo(4);
    }
    copy(older, partition);
    // As after a kill, so that Kafka reads what the partition holds.
    Files.delete(folder.resolve("kafka").resolve(".kafka_cleanshutdown"));

    try (EmbeddedBroker broker = broker();
        Admin admin = KafkaClients.admin(at(broker), "test")) {
      assertThat(readable(admin)).as("readers wait behind it").isEqualTo(2);
      assertThat(OpenTransactions.end(admin, SHORT)).as("it ends by itself").isFalse();

      OpenTransactions.abort(admin, Instant.now());

      assertThat(OpenTransactions.end(admin, SHORT)).isTrue();
      assertThat(readable(admin)).isEqualTo(4);
    }
  }

  private EmbeddedBroker broker() {
    return EmbeddedBroker.start(new KafkaSettings.Embedded(0, folder), () -> {});
  }

  private static KafkaSettings at(EmbeddedBroker broker) {
    return new KafkaSettings(broker.bootstrapServers(), Optional.empty(), 1, (short) 1, Map.of());
  }

  private static KafkaProducer<byte[], byte[]> router(EmbeddedBroker broker) {
    return new KafkaProducer<>(
        Map.of(
            ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
            broker.bootstrapServers(),
            ProducerConfig.TRANSACTIONAL_ID_CONFIG,
            KafkaClients.ROUTER_APPLICATION + "-1"),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  private static void send(KafkaProducer<byte[], byte[]> router)
      throws ExecutionException, InterruptedException {
    router.beginTransaction();
    router.send(new ProducerRecord<>(LANE.topic(), "mail".getBytes(StandardCharsets.UTF_8))).get();
  }

  /** As far as readers of committed records come; a transaction is a record and its marker. */
  private static long readable(Admin admin) throws ExecutionException, InterruptedException {
    ListOffsetsResultInfo end =
        admin
            .listOffsets(
                Map.of(LANE, OffsetSpec.latest()),
                new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
            .partitionResult(LANE)
            .get();
    return end.offset();
  }

  private static void copy(Path from, Path to) throws IOException {
    if (Files.exists(to)) {
      try (Stream<Path> files = Files.list(to)) {
        files.forEach(OpenTransactionsTest::delete);
      }
    }
    Files.createDirectories(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
