package io.tandemmail.worker;

import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tandemmail.model.server.ServerHealth;
import io.tandemmail.model.server.ServerJson;
import io.tandemmail.model.server.ServerMode;
import io.tandemmail.model.server.ServerState;
import io.tandemmail.model.settings.Settings;
import io.tandemmail.model.wire.Topics;
import io.tandemmail.parity.ParityCheck;
import io.tandemmail.runtime.config.Live;
import io.tandemmail.runtime.http.OperationsServer;
import io.tandemmail.runtime.kafka.KafkaClients;
import io.tandemmail.runtime.kafka.TableReader;
import io.tandemmail.runtime.metrics.Metrics;
import io.tandemmail.runtime.presence.LocalHost;
import io.tandemmail.runtime.presence.PresenceBeacon;
import io.tandemmail.smtp.SmtpTransport;
import io.tandemmail.smtp.engine.PipeliningSmtpTransport;
import io.tandemmail.worker.compose.MessageContent;
import io.tandemmail.worker.delivery.DeliveryContext;
import io.tandemmail.worker.delivery.Dispatch;
import io.tandemmail.worker.delivery.HealthSignal;
import io.tandemmail.worker.delivery.Ownership;
import io.tandemmail.worker.delivery.Recorder;
import io.tandemmail.worker.delivery.WorkerMeters;
import io.tandemmail.worker.dkim.DkimKeys;
import io.tandemmail.worker.drill.DrilledTransport;
import io.tandemmail.worker.gate.SendGate;
import io.tandemmail.worker.lane.LedgerReader;
import io.tandemmail.worker.lane.LeftInHand;
import io.tandemmail.worker.parity.ParityWatch;
import io.tandemmail.worker.policy.Aftermath;
import io.tandemmail.worker.watch.Watches;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One worker, wired in the order a message travels and closed so that nothing under way is cut (docs/rules.md, 8). */
public final class WorkerService implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WorkerService.class);

  /** Two thirds of the session: the group cannot have given a partition away earlier. */
  private static final Duration OWNERSHIP_LIFE =
      Duration.ofMillis(KafkaClients.SESSION_MILLIS * 2 / 3);

  private static final Duration HEALTH_WAIT = Duration.ofSeconds(30);

  private final Settings settings;
  private final KafkaProducer<byte[], byte[]> producer;
  private final TableReader<ServerHealth> health;
  private final HealthSignal signal;
  private final Watches watches;
  private final ParityWatch parity;
  private final Recorder recorder;
  private final Dispatch dispatch;
  private final LedgerReader ledger;
  private final LaneIntake intake;
  private final OperationsServer http;
  private final PresenceBeacon presence;

  /**
   * @param instance unique in the cluster
   * @throws DkimKeys.UnusableKeys before anything is started
   */
  public static WorkerService start(Live<Settings> settings, String instance, String version) {
    return new WorkerService(settings, instance, version);
  }

  private WorkerService(Live<Settings> following, String instance, String version) {
    Settings settings = following.get();
    this.settings = settings;
    PrometheusMeterRegistry registry = Metrics.registry();
    WorkerMeters meters = new WorkerMeters(registry);
    Live<MessageContent> content =
        following.map(
            now -> new MessageContent(now.routes(), dkimKeys(now).signers(), meters::dkim));
    AtomicReference<LaneIntake> running = new AtomicReference<>();
    http =
        OperationsServer.start(
            settings.worker().http(),
            "worker.http.port",
            registry,
            () -> notReady(running.get()),
            routes -> {});
    producer =
        KafkaClients.producer(
            settings.kafka(), instance + "-recorder", Map.of(ProducerConfig.LINGER_MS_CONFIG, 5));
    signal = new HealthSignal();
    health =
        TableReader.start(
            settings.kafka(), instance + "-health", Topics.SERVER_HEALTH, ServerJson::readHealth);
    health.onChange(signal::changed);
    awaitHealth();
    String ehloName = settings.worker().ehloName().orElseGet(LocalHost::name);
    Function<String, ServerHealth> opinion =
        server ->
            following.get().servers().containsKey(server)
                ? health.get(server).orElseGet(() -> ServerHealth.unknown(server))
                : retired(server);
    SmtpTransport transport = new DrilledTransport(new PipeliningSmtpTransport(), opinion);
    watches = Watches.start(following, instance, ehloName, producer, transport);
    Live<Aftermath> aftermath = following.map(now -> new Aftermath(now.routes(), ehloName));
    Ownership ownership = new Ownership(OWNERSHIP_LIFE, System.nanoTime());
    recorder =
        new Recorder(producer, settings.worker().maxUnrecorded(), aftermath, meters, ownership);
    DeliveryContext context =
        new DeliveryContext(
            content,
            transport,
            following.map(now -> new SendGate(now.routes())),
            opinion,
            signal,
            ownership,
            recorder,
            watches,
            meters,
            following);
    dispatch = new Dispatch(settings, context, ehloName);
    watches.probeIn(dispatch::probe);
    KafkaConsumer<byte[], byte[]> consumer =
        KafkaClients.consumer(settings.kafka(), instance + "-lanes", groupSettings(following));
    new KafkaClientMetrics(consumer).bindTo(registry);
    new KafkaClientMetrics(producer).bindTo(registry);
    ledger = new LedgerReader(settings.kafka(), instance + "-ledger");
    prepareTakeover();
    Partitions partitions =
        new Partitions(ledger::read, server -> LeftInHand.most(following.get(), server));
    intake = new LaneIntake(consumer, partitions, dispatch, recorder, ownership, following);
    running.set(intake);
    intake.start();
    parity =
        new ParityWatch(
            following,
            now -> new ParityCheck(now, ehloName, DkimKeys.read(now).recordTexts()),
            route ->
                partitions.owns(new TopicPartition(Topics.lane(route.id(), route.primary()), 0)),
            watches::report,
            instance);
    parity.start();
    presence =
        PresenceBeacon.start(
            following, new PresenceBeacon.Service(instance, "worker", http.url(), version));
  }

  public boolean hasJoined() {
    return intake.hasJoined();
  }

  public String url() {
    return http.url();
  }

  /** Takes nothing more, finishes what is in flight within the drain budget, commits, leaves. */
  @Override
  public void close() {
    presence.close();
    parity.close();
    intake.pauseForGood();
    dispatch.drain(settings.worker().drainBudget());
    producer.flush();
    intake.close();
    ledger.close();
    recorder.stop();
    watches.close();
    health.close();
    producer.close(Duration.ofSeconds(5));
    http.close();
  }

  /**
   * The classic protocol with cooperative rebalancing: measured, a killed member is replaced after its session either way,
   * and the classic one lets the session be shorter than a broker's default minimum for the new one. The second assignor is
   * for a group that still has workers without the first.
   */
  private static Map<String, Object> groupSettings(Live<Settings> settings) {
    return Map.of(
        ConsumerConfig.GROUP_ID_CONFIG,
        KafkaClients.WORKER_GROUP,
        ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
        KafkaClients.SESSION_MILLIS,
        ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG,
        KafkaClients.HEARTBEAT_MILLIS,
        ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
        List.of(LaneAssignor.class.getName(), CooperativeStickyAssignor.class.getName()),
        LaneAssignor.SETTINGS,
        settings,
        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
        500,
        ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG,
        120_000,
        ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
        50);
  }

  /** Out of service for good: what waits for it goes to whoever stands in. */
  private static ServerHealth retired(String server) {
    return new ServerHealth(
        server,
        ServerState.DRAINED,
        0,
        0,
        Instant.EPOCH,
        "no longer configured",
        ServerMode.DRAINED);
  }

  private static DkimKeys dkimKeys(Settings settings) {
    DkimKeys keys = DkimKeys.read(settings).orThrow();
    keys.warnings().forEach(warning -> LOG.warn("DKIM key {}", warning));
    keys.summary().forEach(line -> LOG.info("DKIM: {}", line));
    return keys;
  }

  /** Before this worker is given a part: others send that mail meanwhile. */
  private void prepareTakeover() {
    try {
      ledger.prepare();
      producer.partitionsFor(Topics.OUTCOMES);
    } catch (KafkaException later) {
      LOG.info("not prepared to take over lane partitions: {}", later.getMessage());
    }
  }

  private void awaitHealth() {
    try {
      if (!health.awaitCaughtUp(HEALTH_WAIT)) {
        LOG.warn(
            "no health of servers could be read in {}; taking all for healthy until it can",
            HEALTH_WAIT);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Optional<String> notReady(LaneIntake intake) {
    if (intake == null || !intake.hasJoined()) {
      return Optional.of("not yet in the group " + KafkaClients.WORKER_GROUP);
    }
    return intake.isAlive() ? Optional.empty() : Optional.of("the lane intake has ended");
  }
}
