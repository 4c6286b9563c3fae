package io.tandemmail.torture.rig;

import io.tandemmail.model.settings.KafkaSettings;
import io.tandemmail.model.settings.Settings;
import io.tandemmail.model.settings.SettingsReader;
import io.tandemmail.model.settings.SettingsResult;
import io.tandemmail.runtime.kafka.KafkaClients;
import io.tandemmail.runtime.topics.TopicAdmin;
import io.tandemmail.torture.process.Brokers;
import io.tandemmail.torture.process.Clocks;
import io.tandemmail.torture.process.JavaProcess;
import io.tandemmail.torture.process.Jvm;
import io.tandemmail.torture.process.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;

/** Everything that runs, in the order a message travels; closed in reverse. */
public final class Rig implements AutoCloseable {
  /** Of all mail topics: enough for three workers and two routers, few enough for one machine. */
  public static final int PARTITIONS = 6;

  /** Of each worker: what a fault of it may make come twice. */
  public static final int MAX_UNRECORDED = 64;

  /** How a worker names itself to mail servers ends in this. */
  public static final String DOMAIN = ".torture.example";

  public static final String PRIMARY = "mx-a";
  public static final String SECONDARY = "mx-b";

  static final int BROKERS = 3;
  private static final int HEAP_MIB = 256;
  private static final Duration START = Duration.ofMinutes(3);

  private final Path folder;
  private final Jvm jvm;
  private final BrokerDisks disks;
  private final Ways services;
  private final List<Ways> workerWays = new ArrayList<>();
  private final List<Service> ingests = new ArrayList<>();
  private final List<Service> routers = new ArrayList<>();
  private final List<Service> workers = new ArrayList<>();
  private final MailServer primary;
  private final MailServer secondary;
  private final Brokers brokers;
  private final KafkaSettings kafka;
  private volatile boolean closing;

  private Rig(Path folder, Jvm jvm, BrokerDisks disks) throws Exception {
    this.folder = folder;
    this.jvm = jvm;
    this.disks = disks;
    services = Ways.open("SERVICES", BROKERS);
    List<Brokers.Listener> listeners = new ArrayList<>(List.of(services.listener()));
    for (int i = 1; i <= 3; i++) {
      Ways ways = Ways.open("WORKER" + i, BROKERS);
      workerWays.add(ways);
      listeners.add(ways.listener());
    }
    brokers = Brokers.start(jvm, folder, BROKERS, listeners);
    // One of them with BDAT, one with DATA: faults are aimed at dots and at chunks.
    primary = MailServer.start(jvm, folder, PRIMARY, List.of("--without", "CHUNKING"));
    secondary = MailServer.start(jvm, folder, SECONDARY, List.of());
    Settings settings = settings();
    kafka = settings.kafka();
    createTopics(settings);
    for (int i = 1; i <= 2; i++) {
      ingests.add(service("ingest", i, "ingest", services, List.of()));
      routers.add(
          service(
              "router",
              i,
              "router",
              services,
              List.of("--state-dir", folder.resolve("router-state").toString())));
    }
    for (int i = 1; i <= 3; i++) {
      workers.add(service("worker", i, "worker", workerWays.get(i - 1), List.of()));
    }
  }

  /** Everything answers when it returns. */
  public static Rig start(Path folder, Jvm jvm, BrokerDisks disks) throws Exception {
    Rig rig = new Rig(folder, jvm, disks);
    try {
      for (Service service : rig.all()) {
        service.start();
      }
      for (Service service : rig.all()) {
        if (!service.awaitReady(START)) {
          throw new IOException(
              service.name() + " is not ready, see " + folder.resolve(service.name() + ".log"));
        }
      }
      Thread.ofPlatform().daemon().name("supervisor").start(rig::supervise);
      return rig;
    } catch (IOException | InterruptedException e) {
      rig.close();
      throw e;
    }
  }

  /** With no proxy in between. */
  public KafkaSettings kafka() {
    return kafka;
  }

  public Path folder() {
    return folder;
  }

  public Brokers brokers() {
    return brokers;
  }

  public List<Service> ingests() {
    return ingests;
  }

  public List<Service> routers() {
    return routers;
  }

  public List<Service> workers() {
    return workers;
  }

  public MailServer primary() {
    return primary;
  }

  public MailServer secondary() {
    return secondary;
  }

  /**
   * Of every process.
   *
   * @throws IllegalStateException when they were not asked for at the start
   */
  public Clocks clocks() {
    return jvm.clocks().orElseThrow(() -> new IllegalStateException("no clocks of their own"));
  }

  public BrokerDisks disks() {
    return disks;
  }

  /** From ingests and routers to the brokers. */
  public Ways serviceWays() {
    return services;
  }

  /** From one worker to the brokers. */
  public Ways workerWays(int worker) {
    return workerWays.get(worker);
  }

  /** Where a router keeps its stores. */
  public Path routerState(int router) {
    return folder.resolve("router-state").resolve(routers.get(router).name());
  }

  public static String client(String worker) {
    return worker + DOMAIN;
  }

  /** In the order of a message's way. */
  public List<Service> all() {
    List<Service> all = new ArrayList<>(ingests);
    all.addAll(routers);
    all.addAll(workers);
    return all;
  }

  @Override
  public void close() throws IOException, InterruptedException {
    closing = true;
    for (Service service : all().reversed()) {
      service.close();
    }
    secondary.close();
    primary.close();
    brokers.close();
    for (Ways ways : workerWays) {
      ways.close();
    }
    services.close();
  }

  private void supervise() {
    while (!closing) {
      try {
        for (Service service : all()) {
          if (!closing) {
            service.supervise();
          }
        }
        TimeUnit.SECONDS.sleep(1);
      } catch (IOException e) {
        System.err.println("tandem torture: cannot start a service again: " + e.getMessage());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private Service service(String kind, int number, String section, Ways ways, List<String> more)
      throws IOException {
    String name = kind + "-" + number;
    int port = Ports.free();
    String limit =
        section.equals("ingest") && disks.areSmall()
            ? ", min-free-disk: " + BrokerDisks.MIN_FREE_MIB + "MiB"
            : "";
    String http = "%s: { http: { port: %d }%s }".formatted(section, port, limit);
    String worker =
        "max-unrecorded: %d, ehlo-name: %s, drain-budget: 20s"
            .formatted(MAX_UNRECORDED, client(name));
    Path config = folder.resolve(name + ".yaml");
    Files.writeString(
        config,
        section.equals("worker")
            ? yaml(
                ways.bootstrapServers(), "worker: { " + worker + ", http: { port: " + port + " } }")
            : yaml(ways.bootstrapServers(), http));
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "io.tandemmail.standalone.Main",
                kind,
                "--instance",
                name,
                "--config",
                config.toString()));
    arguments.addAll(more);
    return new Service(jvm, folder, JavaProcess.Program.of(name, HEAP_MIB, arguments), port);
  }

  private Settings settings() {
    return switch (SettingsReader.read("torture", yaml(brokers.bootstrapServers(), ""), Map.of())) {
      case SettingsResult.Valid valid -> valid.settings();
      case SettingsResult.Invalid invalid ->
          throw new IllegalStateException(invalid.problems().toString());
    };
  }

  private String yaml(String bootstrapServers, String more) {
    return """
    kafka: { bootstrap-servers: "%s", partitions: %d, replication-factor: 3 }
    servers:
      %s: { host: 127.0.0.1, port: %d, tls: none, max-connections: 12, timeouts: { final-dot: 20s, command: 20s, data: 20s } }
      %s: { host: 127.0.0.1, port: %d, tls: none, max-connections: 12, timeouts: { final-dot: 20s, command: 20s, data: 20s } }
    routes:
      default: { primary: %s, secondary: %s, retry: { first: 2s, max: 10s, give-up-after: 1d } }
    health: { probe-interval: 1s, ramp: 5s, cool-down: 2s..10s }
    %s
    """
        .formatted(
            bootstrapServers,
            PARTITIONS,
            PRIMARY,
            primary.port(),
            SECONDARY,
            secondary.port(),
            PRIMARY,
            SECONDARY,
            more);
  }

  private void createTopics(Settings settings) throws InterruptedException {
    long deadlineNanos = System.nanoTime() + START.toNanos();
    while (true) {
      try (Admin admin = KafkaClients.admin(settings.kafka(), "torture-topics")) {
        new TopicAdmin(admin).apply(settings);
        return;
      } catch (TopicAdmin.ClusterUnavailable notYet) {
        if (System.nanoTime() > deadlineNanos) {
          throw notYet;
        }
        TimeUnit.MILLISECONDS.sleep(500);
      }
    }
  }
}
