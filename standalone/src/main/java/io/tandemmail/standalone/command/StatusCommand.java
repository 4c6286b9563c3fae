package io.tandemmail.standalone.command;

import io.tandemmail.console.ClusterStatus;
import io.tandemmail.console.StatusJson;
import io.tandemmail.console.StatusReader;
import io.tandemmail.console.StatusTable;
import io.tandemmail.model.settings.Settings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code status}: servers, lanes, routes and services, from Kafka. */
@Command(
    name = "status",
    description = "Servers with health, lanes with backlog, routes with counts.",
    mixinStandardHelpOptions = true)
public final class StatusCommand implements Callable<Integer> {
  private static final Duration READ_WAIT = Duration.ofSeconds(15);

  @Mixin ConfigOption config = new ConfigOption();

  @Option(names = "--json", description = "for machines")
  boolean json;

  @Override
  public Integer call() throws InterruptedException {
    Settings settings = config.readForClient();
    try (StatusReader reader = new StatusReader(() -> settings, "tandem-status")) {
      if (!reader.awaitReady(READ_WAIT)) {
        throw new Exit(
            Exit.UNAVAILABLE,
            "the status topics could not be read in " + READ_WAIT.toSeconds() + " s",
            "run tandem topics plan");
      }
      reader.read();
      // Rates need two readings.
      TimeUnit.SECONDS.sleep(1);
      ClusterStatus status = reader.read();
      System.out.println(
          json
              ? new String(StatusJson.all(status), StandardCharsets.UTF_8)
              : StatusTable.text(status).stripTrailing());
      return 0;
    }
  }
}
