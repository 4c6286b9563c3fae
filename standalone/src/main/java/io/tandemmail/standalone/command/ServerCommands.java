package io.tandemmail.standalone.command;

import io.tandemmail.model.server.ServerCommand;
import io.tandemmail.model.server.ServerJson;
import io.tandemmail.model.server.ServerMode;
import io.tandemmail.model.settings.Settings;
import io.tandemmail.model.wire.Topics;
import io.tandemmail.runtime.kafka.KafkaClients;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code server drain|resume|down ID}. */
@Command(
    name = "server",
    description = "Operator mode of a server.",
    mixinStandardHelpOptions = true)
public final class ServerCommands {
  @Command(
      name = "drain",
      description = "Out of service; its waiting mail moves to the secondary.",
      mixinStandardHelpOptions = true)
  int drain(@Mixin ConfigOption config, @Mixin Order order) throws InterruptedException {
    return give(config, order, ServerMode.DRAINED);
  }

  @Command(
      name = "down",
      description = "As if it had failed, until resumed.",
      mixinStandardHelpOptions = true)
  int down(@Mixin ConfigOption config, @Mixin Order order) throws InterruptedException {
    return give(config, order, ServerMode.DOWN);
  }

  @Command(name = "resume", description = "Health decides again.", mixinStandardHelpOptions = true)
  int resume(@Mixin ConfigOption config, @Mixin Order order) throws InterruptedException {
    return give(config, order, ServerMode.AUTO);
  }

  /** Which server, and why. */
  static final class Order {
    @Parameters(index = "0", paramLabel = "ID", description = "the server")
    String server = "";

    @Option(names = "--why", defaultValue = "", description = "kept with the order")
    String why = "";
  }

  private static int give(ConfigOption config, Order order, ServerMode mode)
      throws InterruptedException {
    Settings settings = config.readForClient();
    if (!settings.servers().containsKey(order.server)) {
      throw new Exit(
          2,
          "unknown server " + order.server,
          "use one of " + String.join(", ", settings.servers().keySet()));
    }
    String by = System.getProperty("user.name", "operator");
    byte[] value =
        ServerJson.write(new ServerCommand(order.server, mode, by, order.why, Instant.now()));
    try (KafkaProducer<byte[], byte[]> producer =
        KafkaClients.producer(settings.kafka(), "tandem-server")) {
      byte[] key = order.server.getBytes(StandardCharsets.UTF_8);
      producer.send(new ProducerRecord<>(Topics.SERVER_COMMANDS, key, value)).get();
    } catch (ExecutionException e) {
      throw new Exit(
          Exit.UNAVAILABLE,
          "Kafka did not take the order: "
              + Objects.requireNonNullElse(e.getCause(), e).getMessage(),
          "give it again");
    }
    System.out.println(order.server + " is ordered to " + mode.wireName());
    return 0;
  }
}
