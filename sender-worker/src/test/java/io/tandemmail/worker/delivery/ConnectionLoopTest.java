package io.tandemmail.worker.delivery;

import static io.tandemmail.worker.delivery.Deliveries.ANN;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tandemmail.model.server.ServerHealth;
import io.tandemmail.model.server.ServerMode;
import io.tandemmail.model.server.ServerState;
import io.tandemmail.model.settings.Priority;
import io.tandemmail.model.settings.ServerSettings;
import io.tandemmail.model.settings.Settings;
import io.tandemmail.model.settings.SettingsReader;
import io.tandemmail.model.settings.SettingsResult;
import io.tandemmail.model.wire.Topics;
import io.tandemmail.runtime.config.Live;
import io.tandemmail.smtp.ConnectResult;
import io.tandemmail.smtp.Lookahead;
import io.tandemmail.smtp.MailTransaction;
import io.tandemmail.smtp.Phase;
import io.tandemmail.smtp.RecipientResult;
import io.tandemmail.smtp.Reply;
import io.tandemmail.smtp.ServerEndpoint;
import io.tandemmail.smtp.SmtpSession;
import io.tandemmail.smtp.SmtpTransport;
import io.tandemmail.smtp.TransactionResult;
import io.tandemmail.worker.compose.MessageContent;
import io.tandemmail.worker.gate.SendGate;
import io.tandemmail.worker.lane.OwnedPartition;
import io.tandemmail.worker.policy.Aftermath;
import io.tandemmail.worker.watch.Watches;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each loop would go on for a day: what ends before the time-out was ended by what the test did. */
@Timeout(60)
class ConnectionLoopTest {
  private static final Duration A_DAY = Duration.ofDays(1);
  private static final Ownership CERTAIN = certain();
  private static final Ownership UNCERTAIN = new Ownership(A_DAY, System.nanoTime());

  private final Settings settings = settings();
  private final ServerSettings server = Objects.requireNonNull(settings.servers().get("a"));
  private final MockProducer<byte[], byte[]> kafka =
      new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
  private final AcceptingServer there = new AcceptingServer();
  private final Watches watches = Watches.start(Live.of(settings), "w", "mx.test", kafka, there);
  private final OwnedPartition partition = Deliveries.partition();
  private final AtomicReference<ConnectionLoop> loop = new AtomicReference<>();

  @AfterEach
  void stop() {
    watches.close();
  }

  @Test
  void whoIsNotCertainlyTheOwnerKeepsWhatItDidNotTry() throws Exception {
    // Once for the gate and once for the reason: a third time means that it was kept.
    CountDownLatch asked = new CountDownLatch(3);
    Function<String, ServerHealth> health =
        it -> {
          if (it.equals("a")) {
            asked.countDown();
          }
          return aIsDown(it);
        };
    Recorder recorder = recorder(UNCERTAIN);
    ServerQueue queue = queue(UNCERTAIN, recorder, health);
    queue.allow(1, 1, 1);
    queue.add(Deliveries.of(partition, Instant.now(), ANN));
    asked.await();

    partition.disown();
    end(queue);

    assertThat(topics()).doesNotContain(Topics.RETURNED, Topics.OUTCOMES);
    assertThat(partition.busy()).as("nothing waits to be recorded").isZero();
    assertThat(recorder.takePermit(Duration.ZERO)).isTrue();
  }

  @Test
  void theOwnerGivesBackWhatAnotherServerCanTake() throws Exception {
    ServerQueue queue = queue(CERTAIN, recorder(CERTAIN), ConnectionLoopTest::aIsDown);
    queue.add(Deliveries.of(partition, Instant.now(), ANN));
    queue.allow(1, 1, 1);
    Until.reached(() -> partition.offsets().inFlight() == 0);
    end(queue);

    assertThat(topics()).containsSubsequence(Topics.RETURNED, Topics.OUTCOMES);
    assertThat(there.connected.availablePermits()).isZero();
  }

  @Test
  void anIdleConnectionThatIsTooMuchSaysQuitAtOnce() throws Exception {
    ServerQueue queue = queue(CERTAIN, recorder(CERTAIN), ServerHealth::unknown);
    queue.allow(1, 1, 1);
    queue.add(Deliveries.of(partition, Instant.now(), ANN));
    there.delivered.acquire();
    Until.reached(() -> running().isIdle());
    assertThat(there.closed.availablePermits()).isZero();

    queue.allow(0, 0, 1);

    there.closed.acquire();
    running().join(A_DAY);
  }

  @Test
  void aProbeHasThePlaceOfAConnectionThatHasNothingToDo() throws Exception {
    ServerQueue queue = queue(CERTAIN, recorder(CERTAIN), ServerHealth::unknown);
    assertThat(queue.offer(() -> {})).as("nobody to make it").isFalse();
    queue.allow(1, 1, 1);
    queue.add(Deliveries.of(partition, Instant.now(), ANN));
    there.delivered.acquire();
    Until.reached(() -> running().isIdle());

    Semaphore made = new Semaphore(0);
    assertThat(queue.offer(() -> made.release(1 + there.closed.availablePermits()))).isTrue();

    made.acquire();
    assertThat(made.tryAcquire()).as("the connection was closed before").isTrue();
    queue.add(Deliveries.of(partition, Instant.now(), ANN));
    there.delivered.acquire();
    end(queue);
  }

  @Test
  void aConnectionGoesOnWithOtherCapsAndClosesForAnotherAddress() throws Exception {
    ServerQueue queue = queue(CERTAIN, recorder(CERTAIN), ServerHealth::unknown);
    queue.allow(1, 1, 1);
    queue.add(Deliveries.of(partition, Instant.now(), ANN));
    there.delivered.acquire();

    ServerSettings moreAllowed =
        new ServerSettings(
            "a",
            server.host(),
            server.port(),
            server.security(),
            ServerSettings.Limits.DEFAULT,
            server.timing(),
            server.client(),
            server.egressAddresses());
    queue.configure(ServerEndpoint.of(moreAllowed, "mx.test"));
    queue.add(Deliveries.of(partition, Instant.now(), ANN));
    there.delivered.acquire();
    assertThat(there.closed.availablePermits()).as("needs not close").isZero();

    queue.configure(ServerEndpoint.of(ServerSettings.plain("a", "elsewhere", 25), "mx.test"));
    queue.add(Deliveries.of(partition, Instant.now(), ANN));
    there.closed.acquire();
    there.delivered.acquire();
    end(queue);
  }

  @Test
  void whoWaitsForItsRateLeavesTooAndPutsItsMailBack() throws Exception {
    ServerQueue queue = queue(CERTAIN, recorder(CERTAIN), ServerHealth::unknown);
    queue.allow(1, 1, 1);
    Delivery first = Deliveries.of(partition, Instant.now(), ANN);
    Delivery second = Deliveries.of(partition, Instant.now(), ANN);
    queue.add(first);
    there.delivered.acquire();
    Until.reached(() -> running().isIdle());
    queue.allow(1, 1, 1_000_000);
    queue.add(second);
    Until.reached(() -> !running().isIdle());

    queue.allow(0, 0, 1);

    there.closed.acquire();
    running().join(A_DAY);
    assertThat(queue.nextNow()).contains(second);
  }

  private ConnectionLoop running() {
    return Objects.requireNonNull(loop.get());
  }

  private void end(ServerQueue queue) throws InterruptedException {
    queue.stop();
    running().join(A_DAY);
  }

  private ServerQueue queue(
      Ownership ownership, Recorder recorder, Function<String, ServerHealth> health) {
    MessageContent content =
        new MessageContent(settings.routes(), Map.of(), (route, signing) -> {});
    DeliveryContext context =
        new DeliveryContext(
            () -> content,
            there,
            () -> new SendGate(settings.routes()),
            health,
            new HealthSignal(),
            ownership,
            recorder,
            watches,
            new WorkerMeters(new SimpleMeterRegistry()),
            () -> settings);
    ServerEndpoint endpoint = ServerEndpoint.of(server, "mx.test");
    return new ServerQueue(
        endpoint,
        delivery -> Priority.NORMAL,
        queue -> {
          loop.set(new ConnectionLoop(queue, context, A_DAY));
          return running();
        });
  }

  private Recorder recorder(Ownership ownership) {
    return new Recorder(
        kafka,
        1,
        () -> new Aftermath(settings.routes(), "mx.test"),
        new WorkerMeters(new SimpleMeterRegistry()),
        ownership);
  }

  private List<String> topics() {
    return kafka.history().stream().map(ProducerRecord::topic).toList();
  }

  private static ServerHealth aIsDown(String server) {
    ServerState state = server.equals("a") ? ServerState.DOWN : ServerState.UP;
    return new ServerHealth(server, state, 100, 1, Instant.EPOCH, "", ServerMode.AUTO);
  }

  private static Settings settings() {
    String yaml =
        """
        servers: { a: { host: h, max-rate: 1000/s }, b: { host: h } }
        routes: { default: { primary: a, secondary: b } }
        health: { probe-interval: 1h }
        """;
    return ((SettingsResult.Valid) SettingsReader.read("test", yaml, Map.of())).settings();
  }

  /** Takes every connection and every message. */
  private static final class AcceptingServer implements SmtpTransport {
    final Semaphore connected = new Semaphore(0);
    final Semaphore delivered = new Semaphore(0);
    final Semaphore closed = new Semaphore(0);

    @Override
    public ConnectResult connect(ServerEndpoint endpoint) {
      connected.release();
      return new ConnectResult.Connected(new Session());
    }

    private final class Session implements SmtpSession {
      @Override
      public boolean usable() {
        return true;
      }

      @Override
      public TransactionResult deliver(
          MailTransaction mail, BooleanSupplier fresh, Lookahead lookahead) {
        Reply taken = new Reply(250, Optional.empty(), "ok");
        delivered.release();
        return new TransactionResult(
            mail.forwardPaths().stream()
                .<RecipientResult>map(
                    path -> new RecipientResult.Answered(path, Phase.FINAL_DOT, taken))
                .toList(),
            Optional.empty(),
            true);
      }

      @Override
      public void abort() {
        throw new IllegalStateException("nobody is in a hurry");
      }

      @Override
      public void close() {
        closed.release();
      }
    }
  }

  private static Ownership certain() {
    Ownership ownership = new Ownership(A_DAY, System.nanoTime());
    ownership.confirmed(System.nanoTime());
    return ownership;
  }
}
