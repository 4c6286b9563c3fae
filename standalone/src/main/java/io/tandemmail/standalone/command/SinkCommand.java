package io.tandemmail.standalone.command;

import io.tandemmail.sink.Behaviour;
import io.tandemmail.sink.SinkConfig;
import io.tandemmail.sink.SinkMain;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code sink}: a mail server that records and never relays. */
@Command(
    name = "sink",
    description = "A mail sink for trials and tests; see docs/mail-sink.md.",
    mixinStandardHelpOptions = true)
public final class SinkCommand implements Callable<Integer> {
  @Option(names = "--port", defaultValue = "2526", description = "default: ${DEFAULT-VALUE}")
  int port;

  @Option(
      names = "--address",
      defaultValue = "127.0.0.1",
      description = "default: ${DEFAULT-VALUE}")
  String address = "127.0.0.1";

  @Option(names = "--name", defaultValue = "sink", description = "in greetings and logs")
  String name = "sink";

  @Option(
      names = "--log",
      paramLabel = "FILE",
      description = "a JSON line per message, written before its reply")
  Optional<Path> log = Optional.empty();

  @Option(
      names = "--behave",
      defaultValue = "normal",
      description = "such as 421-greeting or slow-dot-5s")
  String behaviour = "normal";

  @Option(names = "--latency-millis", defaultValue = "0", description = "waited before each reply")
  long latencyMillis;

  @Option(names = "--http", defaultValue = "0", description = "control port, 0 for none")
  int controlPort;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Behaviour asked =
        Behaviour.parse(behaviour)
            .orElseThrow(
                () -> new Exit(2, "'" + behaviour + "' is no behaviour", "see docs/mail-sink.md"));
    SinkConfig config = new SinkConfig(name, address, port, log, false, true);
    SinkMain.run(config, asked, Duration.ofMillis(latencyMillis), controlPort);
    return 0;
  }
}
