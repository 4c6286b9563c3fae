package io.tandemmail.torture.evidence;

import io.tandemmail.model.conservation.RouteCounts;
import io.tandemmail.model.conservation.RouteCountsJson;
import io.tandemmail.model.outcome.Outcome;
import io.tandemmail.model.outcome.OutcomeJson;
import io.tandemmail.model.outcome.OutcomeType;
import io.tandemmail.model.server.ServerJson;
import io.tandemmail.model.settings.KafkaSettings;
import io.tandemmail.model.wire.Topics;
import io.tandemmail.runtime.kafka.TableReader;
import io.tandemmail.runtime.kafka.TopicScan;
import io.tandemmail.torture.check.Checker;
import io.tandemmail.torture.check.HealthPath;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/** The topics. */
public final class Events {
  private final KafkaSettings kafka;

  public Events(KafkaSettings kafka) {
    this.kafka = kafka;
  }

  /** What the routers have counted, of all routes and partitions. */
  public record Totals(long accepted, long delivered, long failed, long scheduled) {
    /** Nothing waits. */
    public boolean allEnded() {
      return accepted == delivered + failed;
    }
  }

  public void outcomes(Checker checker) {
    scan(
        Topics.OUTCOMES,
        (key, value, at) -> {
          Optional<Outcome> outcome = OutcomeJson.read(value);
          outcome.ifPresent(one -> note(one, checker));
        });
  }

  /** A doubt without a reply is about an attempt of a worker that is gone, by its successor. */
  private static void note(Outcome outcome, Checker checker) {
    if (outcome.type() == OutcomeType.IN_DOUBT && outcome.reply().isEmpty()) {
      checker.suspected(outcome.id(), outcome.recipient());
    } else {
      checker.outcome(
          outcome.id(), outcome.recipient(), outcome.type(), outcome.at(), event(outcome));
    }
  }

  private static String event(Outcome outcome) {
    return " " + outcome.attempt() + " " + outcome.lane();
  }

  /** What was believed of a server. */
  public HealthPath healthOf(String server) {
    HealthPath path = new HealthPath();
    scan(
        Topics.SERVER_HEALTH_HISTORY,
        (key, value, at) -> {
          if (key.equals(server)) {
            ServerJson.readHealth(value)
                .ifPresent(one -> path.note(Instant.ofEpochMilli(at), one.state(), one.share()));
          }
        });
    return path;
  }

  /** When each key came to {@code mail.rejected}. */
  public Map<String, Long> rejectedAtMillis() {
    Map<String, Long> found = new HashMap<>();
    scan(Topics.REJECTED, (key, value, at) -> found.putIfAbsent(key, at));
    return found;
  }

  public long returned() {
    LongAdder count = new LongAdder();
    scan(Topics.RETURNED, (key, value, at) -> count.increment());
    return count.sum();
  }

  /** Follows the routers' counts until it is closed. */
  public TableReader<RouteCounts> follow() {
    return TableReader.start(kafka, "torture-counts", Topics.ROUTE_COUNTS, RouteCountsJson::read);
  }

  public static Totals totals(TableReader<RouteCounts> table) {
    Collection<RouteCounts> latest = table.snapshot().values();
    return new Totals(
        latest.stream().mapToLong(RouteCounts::accepted).sum(),
        latest.stream().mapToLong(RouteCounts::delivered).sum(),
        latest.stream().mapToLong(RouteCounts::failed).sum(),
        latest.stream().mapToLong(RouteCounts::scheduled).sum());
  }

  private interface Use {
    void record(String key, byte[] value, long atMillis);
  }

  private void scan(String topic, Use use) {
    TopicScan.since(
        kafka,
        "torture-evidence",
        topic,
        Instant.EPOCH,
        record -> {
          String key = record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
          byte[] value = record.value() == null ? new byte[0] : record.value();
          use.record(key, value, record.timestamp());
        });
  }
}
