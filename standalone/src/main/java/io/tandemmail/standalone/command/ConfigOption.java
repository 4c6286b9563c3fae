package io.tandemmail.standalone.command;

import io.tandemmail.model.settings.Settings;
import io.tandemmail.model.settings.SettingsReader;
import io.tandemmail.model.settings.SettingsResult;
import io.tandemmail.runtime.kafka.KafkaClients;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import picocli.CommandLine.Option;

/** {@code --config}, and reading what it names. */
final class ConfigOption {
  private static final Duration KAFKA_WAIT = Duration.ofSeconds(10);

  @Option(
      names = "--config",
      paramLabel = "FILE",
      defaultValue = "${env:TANDEM_CONFIG:-tandem.yaml}",
      description = "configuration (default: ${DEFAULT-VALUE})")
  Path file = Path.of("tandem.yaml");

  /** The settings; warnings on standard error. Everything that is wrong ends the command with 78. */
  Settings read() {
    String yaml;
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
        yield valid.settings();
      }
      case SettingsResult.Invalid invalid ->
          throw new Exit(
              Exit.CONFIGURATION, invalid.problems().stream().map(Object::toString).toList());
    };
  }

  /** For a command beside a running system: with the embedded broker, the one that {@code standalone} runs. */
  Settings readForClient() {
    Settings settings = read();
    Settings reachable =
        settings.kafka().embedded().isPresent()
            ? settings.withKafka(
                settings.kafka().at("127.0.0.1:" + settings.kafka().embedded().get().port()))
            : settings;
    requireKafka(reachable);
    return reachable;
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

  private static void requireKafka(Settings settings) {
    KafkaClients.unreachable(settings.kafka(), KAFKA_WAIT)
        .ifPresent(why -> {
          throw new Exit(Exit.UNAVAILABLE, why, "start Kafka, or mend kafka.bootstrap-servers");
        });
  }
}
