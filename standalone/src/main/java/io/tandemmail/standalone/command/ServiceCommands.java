package io.tandemmail.standalone.command;

import io.tandemmail.console.ConsoleService;
import io.tandemmail.ingest.IngestService;
import io.tandemmail.model.settings.KafkaSettings;
import io.tandemmail.model.settings.Settings;
import io.tandemmail.router.RouterService;
import io.tandemmail.runtime.config.Gates;
import io.tandemmail.runtime.config.Live;
import io.tandemmail.standalone.Cluster;
import io.tandemmail.standalone.DrillInspection;
import io.tandemmail.standalone.FatalExit;
import io.tandemmail.standalone.Version;
import io.tandemmail.standalone.broker.EmbeddedBroker;
import io.tandemmail.standalone.broker.LastStop;
import io.tandemmail.worker.WorkerService;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The services: all in one process, or one each for a cluster. */
public final class ServiceCommands {
  private ServiceCommands() {}

  /** A name that is unique in the cluster: host and process, unless the operator knows better. */
  static final class InstanceOption {
    @Option(
        names = "--instance",
        paramLabel = "NAME",
        defaultValue = "${env:TANDEM_INSTANCE}",
        description = "unique name of this process (default: host name and process id)")
    Optional<String> name = Optional.empty();

    String of(String kind) {
      return name.filter(text -> !text.isBlank())
          .orElseGet(() -> kind + "-" + host() + "-" + ProcessHandle.current().pid());
    }

    private static String host() {
      try {
        return InetAddress.getLocalHost().getHostName();
      } catch (UnknownHostException e) {
        return "localhost";
      }
    }
  }

  @Command(
      name = "standalone",
      description = "Everything in one process with embedded Kafka, until SIGTERM.",
      mixinStandardHelpOptions = true)
  public static final class Standalone implements Callable<Integer> {
    @Mixin ConfigOption config = new ConfigOption();

    @Option(
        names = "--after-power-loss",
        description =
            "take the data folder for older than what was answered, as after a power loss or from a copy"
                + " (a power loss is noticed without it)")
    boolean afterPowerLoss;

    @Override
    public Integer call() throws InterruptedException {
      Optional<LastStop> lastStop =
          afterPowerLoss ? Optional.of(LastStop.POWER_LOST) : Optional.empty();
      Cluster cluster =
          Cluster.start(
              config.read(), new Cluster.StartOptions(config::refuseUnsafeCluster, lastStop));
      System.out.println(
          "tandem is ready: submit at "
              + cluster.ingestUrl()
              + "/v1/messages"
              + cluster.smtpAddress().map(address -> " or by SMTP at " + address).orElse("")
              + ", Kafka at "
              + cluster.settings().get().kafka().bootstrapServers()
              + ", console at "
              + cluster.consoleUrl());
      Shutdown.await(cluster, config.follow(cluster.settings(), Cluster::applyTopics));
      return 0;
    }
  }

  @Command(name = "ingest", description = "The ingest service.", mixinStandardHelpOptions = true)
  public static final class Ingest implements Callable<Integer> {
    @Mixin ConfigOption config = new ConfigOption();
    @Mixin InstanceOption instance = new InstanceOption();

    @Override
    public Integer call() throws InterruptedException {
      Live<Settings> settings = Live.of(config.readForMail());
      IngestService service = IngestService.start(settings, instance.of("ingest"), Version.text());
      System.out.println(
          "ingest is ready at "
              + service.url()
              + service.smtpAddress().map(address -> ", SMTP at " + address).orElse(""));
      Shutdown.await(service, config.follow(settings, Gates.routersRunIt(service::routers)));
      return 0;
    }
  }

  @Command(name = "router", description = "A router.", mixinStandardHelpOptions = true)
  public static final class Router implements Callable<Integer> {
    @Mixin ConfigOption config = new ConfigOption();
    @Mixin InstanceOption instance = new InstanceOption();

    @Option(
        names = "--state-dir",
        paramLabel = "DIR",
        defaultValue = "${env:TANDEM_STATE_DIR:-./tandem-state}",
        description =
            "state stores; one folder per instance is made in it (default: ${DEFAULT-VALUE})")
    Path stateDir = Path.of("./tandem-state");

    @Override
    public Integer call() throws InterruptedException {
      Live<Settings> settings = Live.of(config.readForMail());
      String name = instance.of("router");
      RouterService service =
          RouterService.start(
              settings,
              name,
              stateDir.resolve(name).toAbsolutePath(),
              Version.text(),
              FatalExit::exit);
      System.out.println("router is started at " + service.url());
      Shutdown.await(
          service, config.follow(settings, Gates.topicsExist(settings.get().kafka(), name)));
      return 0;
    }
  }

  @Command(name = "worker", description = "A sender worker.", mixinStandardHelpOptions = true)
  public static final class Worker implements Callable<Integer> {
    @Mixin ConfigOption config = new ConfigOption();
    @Mixin InstanceOption instance = new InstanceOption();

    @Override
    public Integer call() throws InterruptedException {
      Live<Settings> settings = Live.of(config.readForMail());
      String name = instance.of("worker");
      WorkerService service = WorkerService.start(settings, name, Version.text());
      System.out.println("worker is started at " + service.url());
      Shutdown.await(
          service, config.follow(settings, Gates.topicsExist(settings.get().kafka(), name)));
      return 0;
    }
  }

  @Command(name = "console", description = "The console.", mixinStandardHelpOptions = true)
  public static final class Console implements Callable<Integer> {
    @Mixin ConfigOption config = new ConfigOption();
    @Mixin InstanceOption instance = new InstanceOption();

    @Override
    public Integer call() throws InterruptedException {
      Live<Settings> settings = Live.of(config.readForService());
      ConsoleService service =
          ConsoleService.start(
              settings, instance.of("console"), Version.text(), DrillInspection::problems);
      System.out.println("console is ready at " + service.url());
      Shutdown.await(service, config.follow(settings));
      return 0;
    }
  }

  @Command(
      name = "broker",
      description =
          "Only the embedded Kafka broker, for trials of the cluster mode on one machine.",
      mixinStandardHelpOptions = true)
  public static final class Broker implements Callable<Integer> {
    @Option(names = "--port", defaultValue = "9092", description = "default: ${DEFAULT-VALUE}")
    int port;

    @Option(
        names = "--data-dir",
        paramLabel = "DIR",
        defaultValue = "./tandem-data",
        description = "default: ${DEFAULT-VALUE}")
    Path dataDir = Path.of("./tandem-data");

    @Override
    public Integer call() throws InterruptedException {
      EmbeddedBroker broker =
          EmbeddedBroker.start(new KafkaSettings.Embedded(port, dataDir), FatalExit::exit);
      System.out.println("broker is ready at " + broker.bootstrapServers());
      Shutdown.await(broker);
      return 0;
    }
  }
}
