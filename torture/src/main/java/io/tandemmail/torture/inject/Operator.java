package io.tandemmail.torture.inject;

import io.tandemmail.model.server.ServerCommand;
import io.tandemmail.model.server.ServerHealth;
import io.tandemmail.model.server.ServerJson;
import io.tandemmail.model.server.ServerMode;
import io.tandemmail.model.server.ServerState;
import io.tandemmail.model.settings.KafkaSettings;
import io.tandemmail.model.wire.Topics;
import io.tandemmail.runtime.kafka.KafkaClients;
import io.tandemmail.runtime.kafka.TableReader;
import io.tandemmail.torture.plan.Fault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** F1: orders about the primary, and what the cluster believes of it. */
final class Operator {
  private static final Duration CATCH_UP = Duration.ofSeconds(10);

  /** The longest cool-down of the rig, probes, ramp, and a moment. */
  private static final Duration IN_SERVICE = Duration.ofSeconds(30);

  private static final int WHOLE_SHARE = 100;

  private final KafkaSettings kafka;
  private final String primary;

  Operator(KafkaSettings kafka, String primary) {
    this.kafka = kafka;
    this.primary = primary;
  }

  void takesOut(Fault fault, Account account) throws IOException, InterruptedException {
    account.strike();
    order(fault.variant().equals("down") ? ServerMode.DOWN : ServerMode.DRAINED);
    Thread.sleep(fault.duration());
    order(ServerMode.AUTO);
  }

  /**
   * How long the secondary takes to step in can be asked only while it has no share. What keeps the primary from having all of it
   * is said when the wait was in vain.
   */
  Optional<String> awaitInService() throws InterruptedException {
    long endNanos = System.nanoTime() + IN_SERVICE.toNanos();
    try (TableReader<ServerHealth> health =
        TableReader.start(kafka, "torture-health", Topics.SERVER_HEALTH, ServerJson::readHealth)) {
      health.awaitCaughtUp(CATCH_UP);
      while (true) {
        ServerHealth now = health.get(primary).orElseGet(() -> ServerHealth.unknown(primary));
        if (now.state() == ServerState.UP && now.share() == WHOLE_SHARE) {
          return Optional.empty();
        }
        if (System.nanoTime() > endNanos) {
          return Optional.of(
              "%s is %s with a share of %d %%: %s"
                  .formatted(primary, now.state(), now.share(), now.evidence()));
        }
        TimeUnit.MILLISECONDS.sleep(100);
      }
    }
  }

  private void order(ServerMode mode) throws IOException, InterruptedException {
    ServerCommand order =
        new ServerCommand(primary, mode, "torture", "a failover by hand", Instant.now());
    try (KafkaProducer<byte[], byte[]> producer =
        KafkaClients.producer(kafka, "torture-operator", Map.of())) {
      producer
          .send(
              new ProducerRecord<>(
                  Topics.SERVER_COMMANDS,
                  primary.getBytes(StandardCharsets.UTF_8),
                  ServerJson.write(order)))
          .get();
    } catch (ExecutionException e) {
      throw new IOException("the order to take " + primary + " to " + mode + " was not written", e);
    }
  }
}
