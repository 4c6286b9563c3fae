package io.tandemmail.standalone.command;

import io.tandemmail.model.address.EmailAddress;
import io.tandemmail.model.settings.KafkaSettings;
import io.tandemmail.model.suppression.Suppression;
import io.tandemmail.model.suppression.Suppression.Source;
import io.tandemmail.model.suppression.SuppressionJson;
import io.tandemmail.model.wire.Topics;
import io.tandemmail.runtime.kafka.TableReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code suppress add|remove|list}. */
@Command(
    name = "suppress",
    description = "Addresses that get no mail any more.",
    mixinStandardHelpOptions = true)
public final class SuppressCommands {
  private static final Duration READ_WAIT = Duration.ofSeconds(60);

  /** Whom. */
  static final class Addresses {
    @Parameters(arity = "1..*", paramLabel = "ADDRESS", description = "bare addresses")
    List<String> given = new ArrayList<>();

    /** All of them, or the command ends before any is touched. */
    List<String> checked() {
      List<String> lines = new ArrayList<>();
      for (String address : given) {
        EmailAddress.problem(address)
            .ifPresent(problem ->
                lines.add("tandem: '" + address.replaceAll("\\p{Cntrl}", "?") + "' " + problem));
      }
      if (!lines.isEmpty()) {
        lines.add("tandem: give bare addresses such as ann@example.net; nothing was changed");
        throw new Exit(2, lines);
      }
      return given;
    }
  }

  @Command(
      name = "add",
      description = "No mail of any route to these addresses from now on.",
      mixinStandardHelpOptions = true)
  int add(
      @Mixin ConfigOption config,
      @Mixin Addresses addresses,
      @Option(names = "--reason", defaultValue = "by hand", description = "kept with the entry")
          String reason)
      throws InterruptedException {
    List<ProducerRecord<byte[], byte[]>> entries = new ArrayList<>();
    Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    for (String address : addresses.checked()) {
      Suppression entry = new Suppression(address, reason, Source.OPERATOR, now, Optional.empty());
      entries.add(record(address, SuppressionJson.write(entry)));
    }
    Appends.all(config.readForClient().kafka(), "tandem-suppress", entries);
    addresses.given.forEach(address -> System.out.println(address + " is suppressed"));
    return 0;
  }

  @Command(
      name = "remove",
      description = "These addresses get mail again.",
      mixinStandardHelpOptions = true)
  int remove(@Mixin ConfigOption config, @Mixin Addresses addresses) throws InterruptedException {
    List<ProducerRecord<byte[], byte[]>> tombstones = new ArrayList<>();
    addresses.checked().forEach(address -> tombstones.add(record(address, null)));
    Appends.all(config.readForClient().kafka(), "tandem-suppress", tombstones);
    addresses.given.forEach(address -> System.out.println(address + " is not suppressed"));
    return 0;
  }

  @Command(name = "list", description = "Every entry, by address.", mixinStandardHelpOptions = true)
  int list(
      @Mixin ConfigOption config,
      @Option(names = "--json", description = "for machines: one object per line") boolean json)
      throws InterruptedException {
    PrintStream out = System.out;
    read(config.readForClient().kafka())
        .forEach((key, value) -> {
          Suppression entry = SuppressionJson.read(key, value);
          out.println(json ? json(entry) : line(key, entry));
        });
    return 0;
  }

  private static ProducerRecord<byte[], byte[]> record(String address, byte @Nullable [] value) {
    byte[] key = Suppression.key(address).getBytes(StandardCharsets.UTF_8);
    return new ProducerRecord<>(Topics.SUPPRESSIONS, key, value);
  }

  private static SortedMap<String, byte[]> read(KafkaSettings kafka) throws InterruptedException {
    try (TableReader<byte[]> table =
        TableReader.start(kafka, "tandem-suppress", Topics.SUPPRESSIONS, Optional::of)) {
      if (!table.awaitCaughtUp(READ_WAIT)) {
        throw new Exit(
            Exit.UNAVAILABLE,
            Topics.SUPPRESSIONS + " could not be read within " + READ_WAIT.toSeconds() + " s",
            "create it with tandem topics apply, or ask again");
      }
      return new TreeMap<>(table.snapshot());
    }
  }

  private static String json(Suppression entry) {
    return new String(SuppressionJson.write(entry), StandardCharsets.UTF_8);
  }

  private static String line(String key, Suppression entry) {
    return "%-40s %-11s %s  %s%s"
        .formatted(
            printable(key),
            entry.source().wireName(),
            entry.at(),
            entry.route().map(route -> "route " + printable(route) + "  ").orElse(""),
            printable(entry.reason()));
  }

  private static String printable(String text) {
    return text.replaceAll("\\p{Cntrl}", "?");
  }
}
