package io.tandemmail.standalone.command;

import io.tandemmail.model.outcome.OutcomeJson;
import io.tandemmail.model.server.ServerHealth;
import io.tandemmail.model.server.ServerJson;
import io.tandemmail.model.settings.KafkaSettings;
import io.tandemmail.model.settings.Settings;
import io.tandemmail.model.wire.Topics;
import io.tandemmail.runtime.kafka.TopicScan;
import io.tandemmail.runtime.topics.TopicCatalog;
import io.tandemmail.standalone.whatif.HealthHistory;
import io.tandemmail.standalone.whatif.Placements;
import io.tandemmail.standalone.whatif.Replay;
import io.tandemmail.standalone.whatif.Scenario;
import io.tandemmail.standalone.whatif.Traffic;
import io.tandemmail.standalone.whatif.Window;
import io.tandemmail.standalone.whatif.report.Comparison;
import io.tandemmail.standalone.whatif.report.Comparison.Load;
import io.tandemmail.standalone.whatif.report.Comparison.Replayed;
import io.tandemmail.standalone.whatif.report.ComparisonJson;
import io.tandemmail.standalone.whatif.report.ComparisonTable;
import io.tandemmail.standalone.whatif.report.Notes;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code what-if}: reads what happened, has two configurations replay it, changes nothing. */
@Command(
    name = "what-if",
    description = "What a configuration would have made of the mail of the last hours.",
    mixinStandardHelpOptions = true)
public final class WhatIfCommand implements Callable<Integer> {
  private static final String CLIENT = "tandem-what-if";

  /** A record may be stamped with the time of the submission it came from: somewhat before the event in it. */
  private static final Duration STAMPED_EARLIER_MAX = Duration.ofMinutes(10);

  @Option(
      names = "--config",
      required = true,
      paramLabel = "FILE",
      description = "the configuration to judge")
  Path proposedFile = Path.of("");

  @Option(
      names = "--running",
      paramLabel = "FILE",
      defaultValue = "${env:TANDEM_CONFIG:-tandem.yaml}",
      description = "the configuration that runs; its Kafka is read (default: ${DEFAULT-VALUE})")
  Path runningFile = Path.of("tandem.yaml");

  @Option(
      names = "--allow-unsafe",
      description = "go on with Kafka settings that can lose or repeat mail")
  boolean allowUnsafe;

  @Option(
      names = "--hours",
      defaultValue = "24",
      paramLabel = "N",
      description = "how far back (default: ${DEFAULT-VALUE})")
  int hours;

  @Option(
      names = "--transaction-seconds",
      paramLabel = "S|ID=S",
      description =
          "how long a connection is busy with one message: tandem_smtp_transaction_seconds of a"
              + " worker; for all servers or, given again, for one (default: 0.1)")
  List<String> transactionSeconds = new ArrayList<>();

  @Option(names = "--json", description = "for machines")
  boolean json;

  @Override
  public Integer call() {
    long hoursMax = TopicCatalog.HEALTH_HISTORY_KEPT.toHours();
    if (hours < 1 || hours > hoursMax) {
      throw new Exit(
          Exit.USAGE, List.of("tandem: --hours is " + hours + "; give 1 to " + hoursMax));
    }
    Settings proposed = config(proposedFile).readToShow().settings();
    Settings running = ConfigOption.reachable(config(runningFile).read());
    Set<String> servers = new TreeSet<>(running.servers().keySet());
    servers.addAll(proposed.servers().keySet());
    TransactionSeconds seconds = TransactionSeconds.read(transactionSeconds, servers);
    ConfigOption.requireKafka(running);
    Comparison comparison = compare(proposed, running, seconds);
    System.out.println(
        json ? ComparisonJson.text(comparison) : ComparisonTable.text(comparison).stripTrailing());
    return comparison.proposed().figures().refusedMessages() == 0 ? 0 : Exit.NO;
  }

  private ConfigOption config(Path file) {
    ConfigOption option = new ConfigOption();
    option.file = file;
    option.allowUnsafe = allowUnsafe;
    return option;
  }

  private Comparison compare(Settings proposed, Settings running, TransactionSeconds seconds) {
    Window window = Window.lastHours(hours, Instant.now());
    HealthHistory history = readHistory(running.kafka());
    Scenario proposal = Scenario.proposed(proposed, running, history);
    Placements ofProposed = new Placements(proposal, window);
    Placements ofRunning = new Placements(Scenario.running(running, history), window);
    int[] perSecond = new int[window.seconds()];
    Traffic traffic =
        new Traffic(
            window,
            arrival -> {
              perSecond[window.secondOf(arrival.at())]++;
              ofProposed.place(arrival);
              ofRunning.place(arrival);
            });
    readOutcomes(running.kafka(), window, traffic);
    return new Comparison(
        window,
        Load.of(perSecond, traffic.furtherAttempts()),
        new Replayed(proposedFile.toString(), proposed.hash(), Replay.of(ofProposed, seconds::of)),
        new Replayed(runningFile.toString(), running.hash(), Replay.of(ofRunning, seconds::of)),
        traffic.delivered(),
        new Notes(window)
            .reach(traffic.first())
            .assumed(seconds.otherwise(), seconds.byServer())
            .health(proposal, history)
            .all());
  }

  private static HealthHistory readHistory(KafkaSettings kafka) {
    Map<String, ServerHealth> present = new HashMap<>();
    scan(
        kafka,
        Topics.SERVER_HEALTH,
        Instant.EPOCH,
        record -> {
          if (record.value() != null) {
            ServerJson.readHealth(record.value())
                .ifPresent(health -> present.put(health.server(), health));
          }
        });
    Collection<HealthHistory.Change> changes = new ArrayList<>();
    scan(
        kafka,
        Topics.SERVER_HEALTH_HISTORY,
        Instant.EPOCH,
        record -> {
          if (record.value() != null) {
            Instant at = Instant.ofEpochMilli(record.timestamp());
            ServerJson.readHealth(record.value())
                .ifPresent(health -> changes.add(new HealthHistory.Change(at, health)));
          }
        });
    return HealthHistory.of(changes, present.values());
  }

  private static void readOutcomes(KafkaSettings kafka, Window window, Traffic traffic) {
    scan(
        kafka,
        Topics.OUTCOMES,
        window.from().minus(STAMPED_EARLIER_MAX),
        record -> {
          try {
            if (record.value() != null) {
              OutcomeJson.read(record.value())
                  .ifPresent(outcome -> traffic.note(record.partition(), outcome));
            }
          } catch (IllegalArgumentException noOutcome) {
            // Another producer's; what is no outcome tells of no mail.
            return;
          }
        });
    traffic.end();
  }

  private static void scan(
      KafkaSettings kafka,
      String topic,
      Instant from,
      Consumer<ConsumerRecord<byte[], byte[]>> each) {
    try {
      TopicScan.since(kafka, CLIENT, topic, from, each);
    } catch (KafkaException e) {
      throw new Exit(
          Exit.UNAVAILABLE,
          topic + " could not be read: " + e.getMessage(),
          "see that a broker answers and that tandem topics plan finds the topic");
    }
  }
}
