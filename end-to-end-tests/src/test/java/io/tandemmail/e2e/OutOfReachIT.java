package io.tandemmail.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tandemmail.model.server.ServerHealth;
import io.tandemmail.model.server.ServerJson;
import io.tandemmail.model.server.ServerState;
import io.tandemmail.model.wire.Topics;
import io.tandemmail.runtime.kafka.TableReader;
import io.tandemmail.sink.MailSink;
import io.tandemmail.sink.ReceivedMessage;
import io.tandemmail.sink.SinkConfig;
import io.tandemmail.torture.check.HealthPath;
import io.tandemmail.torture.evidence.Events;
import io.tandemmail.torture.proxy.Toxic;
import io.tandemmail.torture.proxy.ToxicProxy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One of three workers alone cannot reach the primary any more: the server stays in service for the others, and that worker's
 * part of the mail leaves by the secondary (docs/health.md). When the way is open again it uses it again.
 */
class OutOfReachIT {
  private static final Duration START = Duration.ofSeconds(120);

  /** Five sessions that could not be had, a second and a half, the way back through the router. */
  private static final Duration LEAVES_WITHIN = Duration.ofSeconds(6);

  private static final String CUT_OFF = "w3";

  @TempDir Path folder;
  private final Map<String, Instant> submitted = new ConcurrentHashMap<>();
  private final Map<String, Arrival> arrived = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<Arrival> arrivals = new ConcurrentLinkedQueue<>();
  private final List<TandemProcess> processes = new ArrayList<>();
  private volatile boolean feeding = true;

  private record Arrival(String worker, String server, Instant at) {}

  @AfterEach
  void stopAll() throws InterruptedException {
    for (TandemProcess process : processes) {
      process.close();
    }
  }

  @Test
  void itsMailLeavesByTheSecondaryAndTheServerStaysInService() throws Exception {
    try (Pauses pauses = new Pauses();
        MailSink primary = MailSink.start(SinkConfig.named("a"), it -> took("a", it));
        MailSink secondary = MailSink.start(SinkConfig.named("b"), it -> took("b", it));
        ToxicProxy way = ToxicProxy.start(Submissions.freePort(), primary.port());
        KafkaUnderTest kafka = KafkaUnderTest.start(folder)) {
      String bootstrap = kafka.bootstrapServers().replace("PLAINTEXT://", "");
      String direct = config("direct", bootstrap, primary.port(), secondary.port());
      TandemProcess.applyTopics(folder, direct, START);
      start("router", "router", direct);
      start("w1", "worker", config("w1", bootstrap, primary.port(), secondary.port()));
      start("w2", "worker", config("w2", bootstrap, primary.port(), secondary.port()));
      start(CUT_OFF, "worker", config(CUT_OFF, bootstrap, way.port(), secondary.port()));
      Thread feeder = Thread.ofPlatform().start(() -> feed(kafka.bootstrapServers()));
      try (TableReader<ServerHealth> health = health(bootstrap)) {
        awaitDelivery("w1", "a", Instant.MIN);
        awaitDelivery("w2", "a", Instant.MIN);
        awaitDelivery(CUT_OFF, "a", Instant.MIN);

        Instant from = Instant.now();
        way.set(new Toxic.BlackHole());
        Instant left = awaitDelivery(CUT_OFF, "b", from);
        await("the word of whom it fails for")
            .atMost(START)
            .until(() -> evidence(health).contains("it fails for " + CUT_OFF));
        Instant later = Instant.now();
        awaitDelivery("w1", "a", later);
        awaitDelivery("w2", "a", later);

        Instant mended = Instant.now();
        way.set(Toxic.NONE);
        Instant back = awaitDelivery(CUT_OFF, "a", mended);
        await("no word of it any more")
            .atMost(START)
            .until(() -> !evidence(health).contains("fails for"));
        feeding = false;
        feeder.join();
        await("all mail")
            .atMost(START)
            .until(() -> arrived.keySet().containsAll(submitted.keySet()));

        HealthPath path = new Events(Submissions.kafka(bootstrap, 6)).healthOf("a");
        System.out.printf(
            "the cut-off worker's mail left by the secondary after %d ms, by the primary again %d ms after the mending; a: %s%n",
            Duration.between(from, left).toMillis(),
            Duration.between(mended, back).toMillis(),
            path.text(from, Instant.now()));
        assertThat(Duration.between(from, left).minus(pauses.within(from, left)))
            .isLessThan(LEAVES_WITHIN);
        assertThat(path.transitions(from, Instant.now())).isZero();
        assertThat(health.get("a").orElseThrow().state()).isEqualTo(ServerState.UP);
      } finally {
        feeding = false;
        feeder.join();
      }
    }
  }

  /** When that worker first delivered to that server after this time. */
  private Instant awaitDelivery(String worker, String server, Instant after) {
    return await("mail by " + worker + " to " + server)
        .atMost(START)
        .pollInterval(Duration.ofMillis(20))
        .until(
            () ->
                arrivals.stream()
                    .filter(it -> it.worker().equals(worker) && it.server().equals(server))
                    .map(Arrival::at)
                    .filter(at -> at.isAfter(after))
                    .min(Instant::compareTo),
            Optional::isPresent)
        .orElseThrow();
  }

  private static TableReader<ServerHealth> health(String bootstrap) {
    return TableReader.start(
        Submissions.kafka(bootstrap, 6),
        "test-health",
        Topics.SERVER_HEALTH,
        ServerJson::readHealth);
  }

  private static String evidence(TableReader<ServerHealth> health) {
    return health.get("a").map(ServerHealth::evidence).orElse("");
  }

  private void took(String server, ReceivedMessage message) {
    Arrival arrival = new Arrival(message.client().replace(".test", ""), server, Instant.now());
    arrivals.add(arrival);
    arrived.putIfAbsent(message.key(), arrival);
  }

  private void start(String name, String service, String config) throws IOException {
    TandemProcess process =
        TandemProcess.tandem(folder, name, service, "--instance", name, "--config", config);
    processes.addFirst(process);
    process.awaitOutput(service + " is started", START);
  }

  private void feed(String bootstrap) {
    try (KafkaProducer<byte[], byte[]> producer = Submissions.producer(bootstrap)) {
      for (int count = 0; feeding; count++) {
        String id = "m-" + count;
        submitted.put(id, Instant.now());
        producer.send(Submissions.rfc822(id));
        TimeUnit.MILLISECONDS.sleep(20);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String config(String name, String bootstrap, int primaryPort, int secondaryPort)
      throws IOException {
    return Files.writeString(
            folder.resolve(name + ".yaml"),
            """
            kafka: { bootstrap-servers: "%s", partitions: 6, replication-factor: 1 }
            worker: { ehlo-name: %s.test }
            servers:
              a: { host: 127.0.0.1, port: %d, tls: none, max-connections: 6 }
              b: { host: 127.0.0.1, port: %d, tls: none, max-connections: 6 }
            routes:
              default: { primary: a, secondary: b }
            health: { probe-interval: 2s }
            """
                .formatted(bootstrap, name, primaryPort, secondaryPort))
        .toString();
  }
}
