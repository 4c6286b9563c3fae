package io.tandemmail.standalone;

import io.tandemmail.console.ConsoleService;
import io.tandemmail.ingest.IngestService;
import io.tandemmail.model.settings.Settings;
import io.tandemmail.router.RouterService;
import io.tandemmail.runtime.config.Live;
import io.tandemmail.runtime.kafka.KafkaClients;
import io.tandemmail.runtime.topics.TopicAdmin;
import io.tandemmail.runtime.topics.TopicPlan;
import io.tandemmail.standalone.broker.EmbeddedBroker;
import io.tandemmail.standalone.broker.LastStop;
import io.tandemmail.standalone.powerloss.PowerLossRecovery;
import io.tandemmail.worker.WorkerService;
import io.tandemmail.worker.dkim.DkimKeys;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All services in one process, in the order a message travels; closed in reverse. */
public final class Cluster implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Cluster.class);
  private static final Duration READY_WAIT = Duration.ofSeconds(90);

  private final Deque<AutoCloseable> started = new ArrayDeque<>();
  private final Live<Settings> settings;
  private final IngestService ingest;
  private final ConsoleService console;

  private Cluster(Settings configured, StartOptions options) {
    try {
      // The worker would refuse them, but only after a broker was started for nothing.
      DkimKeys.read(configured).orThrow();
      Settings running = configured;
      Optional<EmbeddedBroker> broker =
          configured
              .kafka()
              .embedded()
              .map(embedded -> start(EmbeddedBroker.start(embedded, FatalExit::exit)));
      if (broker.isPresent()) {
        running = configured.withKafka(configured.kafka().at(broker.get().bootstrapServers()));
      }
      settings = Live.of(running);
      applyTopics(running);
      options.gate().accept(running);
      String version = Version.text();
      Path stateDir = stateDir(running);
      Optional<PowerLossRecovery> recovery =
          broker.flatMap(
              disk -> recover(disk, options.lastStop().orElse(disk.lastStop()), stateDir));
      RouterService router =
          start(RouterService.start(settings, "router-1", stateDir, version, FatalExit::exit));
      recovery.ifPresent(PowerLossRecovery::awaitTakenIn);
      ingest = start(IngestService.start(settings, "ingest-1", version));
      WorkerService worker = start(WorkerService.start(settings, "worker-1", version));
      console =
          start(ConsoleService.start(settings, "console-1", version, DrillInspection::problems));
      await("router", router::isRunning);
      await("worker", worker::hasJoined);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  public static Cluster start(Settings settings) {
    return start(settings, new StartOptions(running -> {}, Optional.empty()));
  }

  /**
   * @param gate asked once Kafka and its topics are there and before any mail moves; throws to refuse
   * @param lastStop of the process that used the data folder before, where an operator knows better than we
   */
  public record StartOptions(Consumer<Settings> gate, Optional<LastStop> lastStop) {}

  public static Cluster start(Settings settings, StartOptions options) {
    return new Cluster(settings, options);
  }

  /** With Kafka's address filled in. */
  public Live<Settings> settings() {
    return settings;
  }

  public String ingestUrl() {
    return ingest.url();
  }

  /** Empty where there is no SMTP submission. */
  public Optional<String> smtpAddress() {
    return ingest.smtpAddress();
  }

  public String consoleUrl() {
    return console.url();
  }

  /** Creates what is missing; refuses to run on topics that do not fit. */
  public static void applyTopics(Settings settings) {
    try (Admin admin = KafkaClients.admin(settings.kafka(), "tandem-topics")) {
      TopicPlan plan = new TopicAdmin(admin).apply(settings);
      if (!plan.mismatches().isEmpty()) {
        throw new EmbeddedMismatch(plan.text());
      }
    }
  }

  /** The topics on disk are not those of the configuration. */
  public static final class EmbeddedMismatch extends RuntimeException {
    private static final long serialVersionUID = 1;

    EmbeddedMismatch(String plan) {
      super("the topics do not fit the configuration:\n" + plan);
    }
  }

  /** Before any service runs, what the last stop left on the disk must be fit for them. */
  private Optional<PowerLossRecovery> recover(
      EmbeddedBroker disk, LastStop lastStop, Path stateDir) {
    if (lastStop == LastStop.KILLED) {
      LOG.info("the last process was killed, the machine went on");
    }
    boolean believed =
        lastStop != LastStop.POWER_LOST && PowerLossRecovery.transactionsHaveEnded(settings.get());
    Optional<PowerLossRecovery> recovery =
        believed ? Optional.empty() : Optional.of(reconcile(disk, stateDir));
    disk.markRunning();
    return recovery;
  }

  private PowerLossRecovery reconcile(EmbeddedBroker disk, Path stateDir) {
    disk.markUnsure();
    return PowerLossRecovery.run(settings.get(), stateDir, () -> applyTopics(settings.get()));
  }

  private static Path stateDir(Settings settings) {
    return settings
        .kafka()
        .embedded()
        .map(embedded -> embedded.dataDir().resolve("router"))
        .orElse(Path.of("./tandem-state"))
        .toAbsolutePath();
  }

  /** Also in a thread that was interrupted: what is to be closed waits for much. */
  @Override
  public void close() {
    boolean interrupted = Thread.interrupted();
    try {
      closeAll();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void closeAll() {
    while (!started.isEmpty()) {
      AutoCloseable last = started.pop();
      try {
        last.close();
      } catch (Exception e) {
        // The rest must still be closed; what a close cannot finish, the next start recovers.
        System.err.println("closing " + last.getClass().getSimpleName() + ": " + e.getMessage());
      }
    }
  }

  private <T extends AutoCloseable> T start(T service) {
    started.push(service);
    return service;
  }

  private static void await(String what, BooleanSupplier ready) {
    long deadlineNanos = System.nanoTime() + READY_WAIT.toNanos();
    while (!ready.getAsBoolean()) {
      if (System.nanoTime() > deadlineNanos) {
        throw new IllegalStateException(
            "the " + what + " was not ready within " + READY_WAIT.toSeconds() + " s");
      }
      try {
        TimeUnit.MILLISECONDS.sleep(50);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while waiting for the " + what, e);
      }
    }
  }
}
