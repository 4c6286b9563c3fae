package io.tandemmail.worker.delivery;

import static io.tandemmail.worker.delivery.Deliveries.ANN;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tandemmail.model.server.ServerHealth;
import io.tandemmail.model.server.ServerMode;
import io.tandemmail.model.server.ServerState;
import io.tandemmail.model.settings.Settings;
import io.tandemmail.model.settings.SettingsReader;
import io.tandemmail.model.settings.SettingsResult;
import io.tandemmail.model.wire.HeaderNames;
import io.tandemmail.model.wire.Topics;
import io.tandemmail.runtime.config.Live;
import io.tandemmail.smtp.ConnectResult;
import io.tandemmail.smtp.Fault;
import io.tandemmail.smtp.Phase;
import io.tandemmail.smtp.ServerEndpoint;
import io.tandemmail.smtp.SmtpTransport;
import io.tandemmail.worker.compose.MessageContent;
import io.tandemmail.worker.gate.SendGate;
import io.tandemmail.worker.lane.OwnedPartition;
import io.tandemmail.worker.policy.Aftermath;
import io.tandemmail.worker.watch.Watches;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** I4: nothing stays behind a server that left service, though every connection to it waits for a word. */
@Timeout(60)
class EvacuationTest {
  private static final Duration A_DAY = Duration.ofDays(1);

  private volatile Settings settings =
      settings("routes: { default: { primary: a, secondary: b } }");
  private final Map<String, ServerState> states = new ConcurrentHashMap<>();
  private final HealthSignal signal = new HealthSignal();
  private final SilentServer silent = new SilentServer();
  private final MockProducer<byte[], byte[]> kafka =
      new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
  private final Watches watches = Watches.start(Live.of(settings), "w", "mx.test", kafka, silent);
  private final Dispatch dispatch = new Dispatch(settings, context(), "mx.test");

  @AfterEach
  void stop() {
    dispatch.drain(A_DAY);
    watches.close();
  }

  @Test
  void mailMovesWhileEveryConnectionStillWaitsForTheGreeting() throws Exception {
    ordered(ServerState.DOWN);
  }

  @Test
  void anOperatorsDrainMovesWhatWaitsAtOnce() throws Exception {
    ordered(ServerState.DRAINED);
  }

  /** Others get through, so it stays in service; this worker's part of the mail must not wait for its network. */
  @Test
  void mailMovesFromAServerThatOnlyThisWorkerCannotReach() throws Exception {
    OwnedPartition partition = Deliveries.partition();
    dispatch.owns(Set.of(new TopicPartition(Topics.lane("default", "a"), 0)));
    dispatch.add(Deliveries.of(partition, Instant.now(), ANN));
    silent.waiting.acquire();

    for (int i = 0; i < 5; i++) {
      watches.of("a").sessionFailed("refused");
    }

    awaitGone(partition);
    assertThat(kafka.history())
        .filteredOn(sent -> sent.topic().equals(Topics.RETURNED))
        .singleElement()
        .satisfies(back ->
            assertThat(back.headers().lastHeader(HeaderNames.AVOID).value())
                .isEqualTo("a".getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void whatNobodyElseCanTakeStaysInItsPlace() throws Exception {
    states.put("b", ServerState.DOWN);
    OwnedPartition partition = Deliveries.partition();
    dispatch.owns(Set.of(new TopicPartition(Topics.lane("default", "a"), 0)));
    dispatch.add(Deliveries.of(partition, Instant.now(), ANN));
    silent.waiting.acquire();

    states.put("a", ServerState.DOWN);
    signal.changed();
    silent.cut.acquire();
    assertThat(partition.offsets().inFlight()).isEqualTo(1);

    states.put("b", ServerState.UP);
    signal.changed();
    awaitGone(partition);
  }

  @Test
  void whatIsTakenFromALaneOfAServerThatIsNoLongerConfiguredIsGivenBack() {
    states.put("gone", ServerState.DRAINED);
    OwnedPartition partition = Deliveries.partition("gone");
    dispatch.owns(Set.of(new TopicPartition(Topics.lane("default", "gone"), 0)));
    dispatch.add(Deliveries.of(partition, Instant.now(), ANN));
    awaitGone(partition);
    assertThat(kafka.history()).anyMatch(sent -> sent.topic().equals(Topics.RETURNED));
  }

  @Test
  void whatIsTakenFromALaneThatItsRouteHasNoLongerIsGivenBack() {
    dispatch.follow(settings("routes: { default: { primary: b }, other: { primary: a } }"));
    OwnedPartition partition = Deliveries.partition();
    dispatch.owns(Set.of());
    dispatch.add(Deliveries.of(partition, Instant.now(), ANN));
    awaitGone(partition);
    assertThat(kafka.history()).anyMatch(sent -> sent.topic().equals(Topics.RETURNED));
    assertThat(silent.waiting.availablePermits()).as("nobody was tried").isZero();
  }

  private void ordered(ServerState state) throws InterruptedException {
    OwnedPartition[] partitions = new OwnedPartition[50];
    dispatch.owns(Set.of(new TopicPartition(Topics.lane("default", "a"), 0)));
    for (int i = 0; i < partitions.length; i++) {
      partitions[i] = Deliveries.partition();
      dispatch.add(Deliveries.of(partitions[i], Instant.now(), ANN));
    }
    silent.waiting.acquire(2);
    assertThat(kafka.history()).noneMatch(sent -> sent.topic().equals(Topics.RETURNED));

    states.put("a", state);
    signal.changed();

    for (OwnedPartition partition : partitions) {
      awaitGone(partition);
    }
    assertThat(kafka.history())
        .filteredOn(sent -> sent.topic().equals(Topics.RETURNED))
        .hasSize(partitions.length);
    assertThat(silent.waiting.availablePermits()).as("nobody else was tried").isZero();
  }

  private Settings settings(String routes) {
    String yaml =
        """
        kafka: { partitions: 1 }
        servers: { a: { host: h, max-connections: 2 }, b: { host: h } }
        health: { probe-interval: 1h }
        """
            + routes;
    settings = ((SettingsResult.Valid) SettingsReader.read("test", yaml, Map.of())).settings();
    return settings;
  }

  private static void awaitGone(OwnedPartition partition) {
    Until.reached(() -> partition.offsets().inFlight() == 0);
  }

  private DeliveryContext context() {
    Ownership certain = new Ownership(A_DAY, System.nanoTime());
    certain.confirmed(System.nanoTime());
    WorkerMeters meters = new WorkerMeters(new SimpleMeterRegistry());
    MessageContent content =
        new MessageContent(settings.routes(), Map.of(), (route, signing) -> {});
    Aftermath aftermath = new Aftermath(settings.routes(), "mx.test");
    return new DeliveryContext(
        () -> content,
        silent,
        () -> new SendGate(settings.routes()),
        this::health,
        signal,
        certain,
        new Recorder(kafka, 8, () -> aftermath, meters, certain),
        watches,
        meters,
        () -> settings);
  }

  private ServerHealth health(String server) {
    ServerState state = states.getOrDefault(server, ServerState.UP);
    return new ServerHealth(
        server, state, state.inService() ? 100 : 0, 1, Instant.EPOCH, "", ServerMode.AUTO);
  }

  /** Takes connections and says nothing, until its client gives up. */
  private static final class SilentServer implements SmtpTransport {
    final Semaphore waiting = new Semaphore(0);
    final Semaphore cut = new Semaphore(0);

    @Override
    public ConnectResult connect(ServerEndpoint endpoint) {
      waiting.release();
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        // As a channel: the flag stays set.
        Thread.currentThread().interrupt();
        cut.release();
      }
      return new ConnectResult.Unreachable(new Fault(Fault.Kind.CLOSED, Phase.GREETING, "cut"));
    }
  }
}
