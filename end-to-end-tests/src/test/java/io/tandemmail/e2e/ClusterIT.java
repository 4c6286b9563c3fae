package io.tandemmail.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tandemmail.runtime.kafka.KafkaClients;
import io.tandemmail.sink.MailSink;
import io.tandemmail.sink.SinkConfig;
import io.tandemmail.torture.process.Brokers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three brokers, two routers, two workers, each a process of its own; one of each kind is killed while mail flows, and the
 * primary too. I1: every message arrives. I2: no more second copies than one worker's unrecorded deliveries.
 */
class ClusterIT {
  private static final int MESSAGES = 3_000;
  private static final int MAX_UNRECORDED = 64;
  private static final Duration START = Duration.ofSeconds(120);
  private static final Duration ARRIVAL = Duration.ofSeconds(150);

  @TempDir Path folder;

  @Test
  void oneOfEachKindDiesAndEveryMessageArrives() throws Exception {
    System.out.println("ClusterIT uses local brokers in JVMs of their own");
    Arrivals arrivals = new Arrivals();
    try (MailSink primary = MailSink.start(SinkConfig.named("primary"), arrivals);
        MailSink secondary = MailSink.start(SinkConfig.named("secondary"), arrivals);
        Brokers brokers = Brokers.start(TandemProcess.JVM, folder, 3, List.of())) {
      String config = config(brokers.bootstrapServers(), primary.port(), secondary.port());
      TandemProcess.applyTopics(folder, config, START);
      try (TandemProcess ingest = service("ingest", "ingest-1", config, "ingest is ready");
          TandemProcess router1 = service("router", "router-1", config, "router is started");
          TandemProcess router2 = service("router", "router-2", config, "router is started");
          TandemProcess worker1 = service("worker", "worker-1", config, "worker is started");
          TandemProcess worker2 = service("worker", "worker-2", config, "worker is started");
          KafkaProducer<byte[], byte[]> producer =
              Submissions.producer(brokers.bootstrapServers())) {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < MESSAGES; i++) {
          String id = "c-" + i;
          ids.add(id);
          producer.send(Submissions.rfc822(id));
          TimeUnit.MILLISECONDS.sleep(i % 10 == 0 ? 20 : 0);
          // One after the other, each with mail in flight: I1 speaks of any single loss.
          if (i == 600 || i == 1200 || i == 1800 || i == 2400) {
            arrivals.awaitAll(ids.subList(0, i - 200), ARRIVAL);
          }
          switch (i) {
            case 600 -> primary.stop();
            case 1200 -> worker1.kill();
            case 1800 -> router1.kill();
            case 2400 -> brokers.broker(2).kill();
            default -> {}
          }
        }
        producer.flush();
        try (TandemProcess worker3 = service("worker", "worker-3", config, "worker is started");
            TandemProcess sameRouter = routerAgain("router-1", config)) {
          router2.terminate();
          arrivals.awaitAll(ids, ARRIVAL);
          assertThat(arrivals.duplicates()).as("second copies").isLessThanOrEqualTo(MAX_UNRECORDED);
          assertThat(secondary.counts().accepted()).isPositive();
          await()
              .atMost(Duration.ofSeconds(60))
              .untilAsserted(() -> assertThat(lag(brokers.bootstrapServers())).isZero());
        }
      }
    }
  }

  private TandemProcess service(String kind, String instance, String config, String ready)
      throws IOException {
    return TandemProcess.tandem(folder, instance, kind, "--instance", instance, "--config", config)
        .awaitOutput(ready, START);
  }

  /** A router that finds what its tasks left in its state folder when it was killed. */
  private TandemProcess routerAgain(String instance, String config) throws IOException {
    return TandemProcess.tandem(
            folder, instance + "-again", "router", "--instance", instance, "--config", config)
        .awaitOutput("REBALANCING -> RUNNING", START);
  }

  /** As kafka-consumer-groups shows it: log end minus committed, over all lanes. */
  private static long lag(String bootstrap) throws Exception {
    try (Admin admin = KafkaClients.admin(Submissions.kafka(bootstrap, 1), "test-lag")) {
      Map<TopicPartition, OffsetAndMetadata> committed =
          admin
              .listConsumerGroupOffsets(KafkaClients.WORKER_GROUP)
              .partitionsToOffsetAndMetadata()
              .get(30, TimeUnit.SECONDS);
      Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
      committed.keySet().forEach(partition -> latest.put(partition, OffsetSpec.latest()));
      Map<TopicPartition, ListOffsetsResultInfo> ends =
          admin.listOffsets(latest).all().get(30, TimeUnit.SECONDS);
      assertThat(committed).as("committed lane partitions").isNotEmpty();
      return committed.entrySet().stream()
          .mapToLong(entry -> ends.get(entry.getKey()).offset() - entry.getValue().offset())
          .sum();
    }
  }

  private String config(String bootstrap, int primaryPort, int secondaryPort) throws IOException {
    Path config = folder.resolve("tandem.yaml");
    Files.writeString(
        config,
        """
        kafka: { bootstrap-servers: "%s", partitions: 6, replication-factor: 3 }
        ingest: { http: { port: 0 } }
        worker: { ehlo-name: localhost, max-unrecorded: %d }
        servers:
          a: { host: 127.0.0.1, port: %d, tls: none }
          b: { host: 127.0.0.1, port: %d, tls: none }
        routes: { default: { primary: a, secondary: b, retry: { first: 1s, max: 5s, give-up-after: 1h } } }
        health: { probe-interval: 500ms, down-after-failures: 3, ramp: 2s, cool-down: 1s..5s }
        """
            .formatted(bootstrap, MAX_UNRECORDED, primaryPort, secondaryPort));
    return config.toString();
  }
}
