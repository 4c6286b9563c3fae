package io.tandemmail.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tandemmail.model.wire.Topics;
import io.tandemmail.sink.MailSink;
import io.tandemmail.sink.ReceivedMessage;
import io.tandemmail.sink.SinkConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * I5: a server's caps hold over all workers, as the server itself sees it. Workers join, leave and are killed while more
 * mail waits than the caps let through, and the primary's mail moves to a secondary that is at its cap already.
 *
 * <p>All of it are upper bounds: a machine that is short of processor time lowers the rate and cannot raise it, unless
 * somebody makes up for lost time, which is what must not be. Probes are not counted: where this machine stands still for so
 * long that workers have to suspect a silence, they come on top (docs/health.md).
 */
class CapsIT {
  private static final Duration START = Duration.ofSeconds(120);
  private static final Duration FLOW = Duration.ofSeconds(5);
  private static final int RATE = 60;
  private static final int CONNECTIONS = 12;

  /** Fewer than there are workers. */
  private static final int FEW_CONNECTIONS = 2;

  private static final int FEW_RATE = 20;

  /** Of each route, so that there is always more than may be sent. */
  private static final int WAITING = 300;

  @TempDir Path folder;
  private final Map<String, AtomicInteger> arrived =
      Map.of(
          "default", new AtomicInteger(), "other", new AtomicInteger(), "few", new AtomicInteger());
  private final Set<String> senders = ConcurrentHashMap.newKeySet();
  private final Map<String, TandemProcess> workers = new ConcurrentHashMap<>();
  private final StringBuilder figures = new StringBuilder();
  private volatile boolean feeding = true;

  @AfterEach
  void stopWorkers() throws InterruptedException {
    for (TandemProcess worker : workers.values()) {
      worker.close();
    }
  }

  @Test
  void theServersSeeNoMoreThanTheirCapsWhoeverSends() throws Exception {
    try (Pauses pauses = new Pauses();
        MailSink primary = MailSink.start(SinkConfig.named("a").keeping(), this::took);
        MailSink secondary = MailSink.start(SinkConfig.named("b").keeping(), this::took);
        MailSink few = MailSink.start(SinkConfig.named("c").keeping(), this::tookOneOfFew);
        KafkaUnderTest kafka = KafkaUnderTest.start(folder)) {
      List<MailSink> servers = List.of(primary, secondary);
      String bootstrap = kafka.bootstrapServers().replace("PLAINTEXT://", "");
      String config = config("router", bootstrap, primary.port(), secondary.port(), few.port());
      for (int worker = 1; worker <= 5; worker++) {
        config("w" + worker, bootstrap, primary.port(), secondary.port(), few.port());
      }
      TandemProcess.applyTopics(folder, config, START);
      try (TandemProcess router =
          TandemProcess.tandem(folder, "router", "router", "--config", config)
              .awaitOutput("router is started", START)) {
        Thread feeder = Thread.ofPlatform().start(() -> feed(kafka.bootstrapServers()));
        try {
          phase("1 worker", servers, pauses, () -> join(1));
          phase("2 workers", servers, pauses, () -> join(2));
          phase("5 workers", servers, pauses, () -> join(3, 4, 5));
          phase("one leaves (SIGTERM)", servers, pauses, () -> leave("w1"));
          phase("one is killed", servers, pauses, () -> kill("w2"));
          phase("failover to b", servers, pauses, () -> primaryDies(primary));
        } finally {
          feeding = false;
          feeder.join();
        }
      }
      figures.append("longest pause of the sinks: ").append(pauses.longest().toMillis() + " ms\n");
      System.out.println(figures);

      for (MailSink server : servers) {
        assertThat(busiest(server.begun(), Instant.MIN, pauses))
            .as("busiest second of %s", server.name())
            .satisfies(
                second -> assertThat(second.messages()).isLessThanOrEqualTo(second.allowed()));
        assertThat(server.counts().peak())
            .as("connections with mail to %s at once", server.name())
            .isLessThanOrEqualTo(CONNECTIONS);
      }
      assertThat(few.counts().peak())
          .as("connections with mail to a server that allows fewer than there are workers")
          .isEqualTo(FEW_CONNECTIONS);
    }
  }

  /** Something happens, and mail flows while it does and for some time after. */
  private interface Step {
    void run() throws Exception;
  }

  private void phase(String name, List<MailSink> servers, Pauses pauses, Step step)
      throws Exception {
    Instant from = Instant.now();
    int fewBefore = arrived.get("few").get();
    step.run();
    senders.clear();
    await()
        .atMost(START)
        .until(() -> senders.containsAll(workers.keySet()) && senders.size() == workers.size());
    TimeUnit.MILLISECONDS.sleep(FLOW.toMillis());
    double seconds = Duration.between(from, Instant.now()).toMillis() / 1_000.0;
    for (MailSink server : servers) {
      List<Instant> begun = server.begun().stream().filter(at -> at.isAfter(from)).toList();
      Second busiest = busiest(server.begun(), from, pauses);
      figures.append(
          String.format(
              Locale.ROOT,
              "%-22s %s: %4d in %4.1f s, busiest second %d (allowed %d), connections with mail so"
                  + " far %d%n",
              name,
              server.name(),
              begun.size(),
              seconds,
              busiest.messages(),
              busiest.allowed(),
              server.counts().peak()));
    }
    assertThat(servers.getLast().begun().stream().filter(at -> at.isAfter(from)))
        .as("mail that the secondary saw with %s", name)
        .hasSizeGreaterThan(RATE);
    assertThat(arrived.get("few").get() - fewBefore)
        .as("mail that the server with few connections saw with %s", name)
        .isGreaterThan(FEW_RATE);
  }

  /**
   * What a server saw in a second.
   *
   * @param allowed 5 % above the cap, rounded up: by less than a message, as half a message cannot be held back. More only
   *     if this JVM stood still as the second began: what is counted came in more than a second then.
   */
  private record Second(int messages, int allowed) {
    int excess() {
      return messages - allowed;
    }
  }

  /** Of all seconds that begin with a message at this time or later, the one that is the most above its bound. */
  private static Second busiest(List<Instant> begun, Instant since, Pauses pauses) {
    Second most = new Second(0, (int) Math.ceil(1.05 * RATE));
    int end = 0;
    for (int first = 0; first < begun.size(); first++) {
      Instant from = begun.get(first);
      while (end < begun.size() && begun.get(end).isBefore(from.plusSeconds(1))) {
        end++;
      }
      double seconds = 1 + pauses.before(from).toMillis() / 1_000.0;
      Second second = new Second(end - first, (int) Math.ceil(1.05 * RATE * seconds));
      if (!from.isBefore(since) && second.excess() > most.excess()) {
        most = second;
      }
    }
    return most;
  }

  private void join(int... numbers) throws IOException {
    List<TandemProcess> joining = new ArrayList<>();
    for (int number : numbers) {
      String name = "w" + number;
      TandemProcess worker =
          TandemProcess.tandem(
              folder,
              name,
              "worker",
              "--instance",
              name,
              "--config",
              folder.resolve(name + ".yaml").toString());
      workers.put(name, worker);
      joining.add(worker);
    }
    for (TandemProcess worker : joining) {
      worker.awaitOutput("worker is started", START);
    }
  }

  private void leave(String name) throws InterruptedException {
    workers.remove(name).terminate();
  }

  private void kill(String name) throws InterruptedException {
    workers.remove(name).kill();
  }

  private void primaryDies(MailSink primary) {
    int before = arrived.get("default").get();
    primary.stop();
    await().atMost(START).until(() -> arrived.get("default").get() > before + RATE);
  }

  private void took(ReceivedMessage message) {
    tookOneOfFew(message);
    senders.add(message.client().replace(".test", ""));
  }

  /** Not every worker sends to that server. */
  private void tookOneOfFew(ReceivedMessage message) {
    String key = message.key();
    arrived.get(key.substring(0, key.indexOf('-'))).incrementAndGet();
  }

  private void feed(String bootstrap) {
    try (KafkaProducer<byte[], byte[]> producer = Submissions.producer(bootstrap)) {
      Map<String, AtomicInteger> submitted = new TreeMap<>();
      arrived.keySet().forEach(route -> submitted.put(route, new AtomicInteger()));
      while (feeding) {
        submitted.forEach((route, count) -> {
          while (count.get() - arrived.get(route).get() < WAITING) {
            producer.send(submission(route, route + "-" + count.incrementAndGet()));
          }
        });
        TimeUnit.MILLISECONDS.sleep(50);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static ProducerRecord<byte[], byte[]> submission(String route, String id) {
    String json = Submissions.json(id).replaceFirst("\\{", "{\"route\":\"" + route + "\",");
    return new ProducerRecord<>(
        Topics.SUBMITTED,
        id.getBytes(StandardCharsets.UTF_8),
        json.getBytes(StandardCharsets.UTF_8));
  }

  /** A long drain target: what waits is not shed, so that both servers are at their caps all the time. */
  private String config(
      String name, String bootstrap, int primaryPort, int secondaryPort, int fewPort)
      throws IOException {
    return Files.writeString(
            folder.resolve(name + ".yaml"),
            """
            kafka: { bootstrap-servers: "%s", partitions: 12, replication-factor: 1 }
            worker: { ehlo-name: %s.test }
            servers:
              a: { host: 127.0.0.1, port: %d, tls: none, max-rate: %4$d/s, max-connections: %5$d }
              b: { host: 127.0.0.1, port: %6$d, tls: none, max-rate: %4$d/s, max-connections: %5$d }
              c: { host: 127.0.0.1, port: %7$d, tls: none, max-rate: %8$d/s, max-connections: %9$d }
            routes:
              default: { primary: a, secondary: b }
              other: { primary: b }
              few: { primary: c }
            health: { probe-interval: 2s, cool-down: 1m..5m, drain-target: 1h }
            """
                .formatted(
                    bootstrap,
                    name,
                    primaryPort,
                    RATE,
                    CONNECTIONS,
                    secondaryPort,
                    fewPort,
                    FEW_RATE,
                    FEW_CONNECTIONS))
        .toString();
  }
}
