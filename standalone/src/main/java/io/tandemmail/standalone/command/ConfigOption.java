package io.tandemmail.standalone.command;

import io.tandemmail.model.safety.Finding;
import io.tandemmail.model.settings.Settings;
import io.tandemmail.model.settings.SettingsReader;
import io.tandemmail.model.settings.SettingsResult;
import io.tandemmail.runtime.config.ConfigFile;
import io.tandemmail.runtime.config.Live;
import io.tandemmail.runtime.kafka.KafkaClients;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Option;

/** {@code --config} and {@code --allow-unsafe}: reading what is named, and what of it must not be. */
final class ConfigOption {
  private static final Duration KAFKA_WAIT = Duration.ofSeconds(10);
  private static final String MEND = "start Kafka, or mend kafka.bootstrap-servers";

  @Option(
      names = "--config",
      paramLabel = "FILE",
      defaultValue = "${env:TANDEM_CONFIG:-tandem.yaml}",
      description = "configuration (default: ${DEFAULT-VALUE})")
  Path file = Path.of("tandem.yaml");

  @Option(
      names = "--allow-unsafe",
      description =
          "go on with Kafka settings that can lose or repeat mail, and say what is then not promised")
  boolean allowUnsafe;

  private String yaml = "";

  /** The settings as they stand in the file, and what their properties for Kafka's clients take away. */
  record Configured(Settings settings, List<Finding> findings) {}

  /** Everything that is wrong ends the command with 78, unsafe client properties too unless they are allowed. */
  Settings read() {
    Configured configured = readToShow();
    SafetyGate.pass(configured.findings(), allowUnsafe);
    return configured.settings();
  }

  /** The same for a command that shows what is unsafe and refuses nothing; warnings on standard error. */
  Configured readToShow() {
    try {
      yaml = Files.readString(file);
    } catch (IOException e) {
      throw new Exit(
          Exit.CONFIGURATION,
          "cannot read " + file,
          "give --config FILE; deploy/tandem.yaml is an example");
    }
    return switch (SettingsReader.read(file.toString(), yaml, System.getenv())) {
      case SettingsResult.Valid valid -> {
        valid.warnings().forEach(warning -> System.err.println("tandem: warning: " + warning));
        yield new Configured(valid.settings(), valid.findings());
      }
      case SettingsResult.Invalid invalid ->
          throw new Exit(
              Exit.CONFIGURATION, invalid.problems().stream().map(Object::toString).toList());
    };
  }

  /**
   * From now on the settings that were read here follow their file, at once on SIGHUP.
   *
   * @param gates asked of each change, in this order
   */
  ConfigFile follow(Live<Settings> running, ConfigFile.Gate... gates) {
    ConfigFile followed = new ConfigFile(file, System.getenv(), yaml, running);
    for (ConfigFile.Gate gate : gates) {
      followed.withGate(gate);
    }
    Hangup.tell(followed::readNow);
    return followed.watch();
  }

  /** For a command beside a running system: with the embedded broker, the one that {@code standalone} runs. */
  Settings readForClient() {
    Settings settings = read();
    boolean embedded = settings.kafka().embedded().isPresent();
    if (settings.kafka().embedded().filter(broker -> broker.port() == 0).isPresent()) {
      throw new Exit(
          Exit.CONFIGURATION,
          file + ": kafka.embedded.port is 0, so only tandem standalone knows where its broker is",
          "give kafka.embedded.port a number");
    }
    Settings reachable = reachable(settings);
    requireKafka(reachable, embedded ? "start tandem standalone" : MEND);
    return reachable;
  }

  /** With the address where the embedded broker of {@code standalone} answers, when it runs. */
  static Settings reachable(Settings settings) {
    return settings.kafka().embedded().isPresent()
        ? settings.withKafka(
            settings.kafka().at("127.0.0.1:" + settings.kafka().embedded().get().port()))
        : settings;
  }

  /** For a service that moves mail: unsafe topics and brokers end it with 78 unless they are allowed. */
  Settings readForMail() {
    Settings settings = readForService();
    refuseUnsafeCluster(settings);
    return settings;
  }

  void refuseUnsafeCluster(Settings settings) {
    SafetyGate.pass(SafetyGate.survey(settings).findings(), allowUnsafe);
  }

  /** For a service of a cluster. */
  Settings readForService() {
    Settings settings = read();
    if (settings.kafka().embedded().isPresent()) {
      throw new Exit(
          Exit.CONFIGURATION,
          file + ": kafka.bootstrap-servers is 'embedded', which only tandem standalone runs",
          "name the brokers, or use tandem standalone");
    }
    requireKafka(settings);
    return settings;
  }

  static void requireKafka(Settings settings) {
    requireKafka(settings, MEND);
  }

  private static void requireKafka(Settings settings, String remedy) {
    KafkaClients.unreachable(settings.kafka(), KAFKA_WAIT)
        .ifPresent(why -> {
          throw new Exit(Exit.UNAVAILABLE, why, remedy);
        });
  }
}
