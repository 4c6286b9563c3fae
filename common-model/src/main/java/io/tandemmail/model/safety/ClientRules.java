package io.tandemmail.model.safety;

import io.tandemmail.model.safety.Finding.Grade;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The properties that a user gives to every Kafka client ({@code kafka.properties}). They win over what Tandem sets, and
 * reach Kafka Streams with its prefixes, so {@code producer.acks} counts as {@code acks} does.
 */
public final class ClientRules {
  /** Where users write a client's property. */
  public static final String KEY_PREFIX = "kafka.properties.";

  private static final List<String> PREFIXES =
      List.of("main.consumer.", "restore.consumer.", "global.consumer.", "consumer.", "producer.");

  /** One property, which values of it are bad, and why. */
  private record Rule(
      String property, Predicate<String> bad, Grade grade, String notPromised, String remedy) {}

  private static final String SURVIVES =
      "that acknowledged mail survives the loss of a broker (I1)";
  private static final String STARTS = "that a service runs at all: Kafka's client refuses it";

  private static final List<Rule> RULES =
      List.of(
          unsafe("acks", not("all", "-1"), SURVIVES, "remove it; Tandem sets all"),
          unsafe(
              "enable.idempotence",
              not("true"),
              "that a record written again after a lost answer is there once (I2)",
              "remove it; Tandem sets true"),
          unsafe("max.in.flight.requests.per.connection", above(5), STARTS, "write 5 or less"),
          unsafe(
              "retries",
              below(1),
              "that a broker's short absence loses no record (I1)",
              "remove it; delivery.timeout.ms bounds the tries"),
          unsafe(
              "isolation.level",
              is("read_uncommitted"),
              "that mail of an aborted transaction is not sent, and sent again (I2)",
              "remove it; lanes are read_committed"),
          unsafe(
              "enable.auto.commit",
              not("false"),
              "that mail is sent before its position is committed (I1)",
              "remove it; Tandem commits what is finished"),
          unsafe(
              "auto.offset.reset",
              is("latest"),
              "that mail is found after positions were lost: it would be skipped (I1)",
              "remove it; Tandem sets none"),
          unsafe(
              "processing.guarantee",
              not("exactly_once_v2"),
              "that a router's crash neither loses nor repeats mail (I1, I2)",
              "remove it; Tandem sets exactly_once_v2"),
          unsafe(
              "group.id",
              value -> true,
              "that workers find the positions of their group: mail is sent again (I2)",
              "remove it; the group is tandem-workers"),
          unsafe(
              "group.instance.id",
              value -> true,
              "that two workers run: one name for all makes each put the other out (I4)",
              "remove it"),
          unsafe(
              "transactional.id",
              value -> true,
              "that two producers run: one name for all makes each fence the other (I1)",
              "remove it; Kafka Streams names its own"),
          unsafe(
              "application.id",
              not("tandem-router"),
              "that routers find their positions and stores: mail is sent again (I2)",
              "remove it; it is tandem-router"),
          unsafe(
              "session.timeout.ms",
              below(6_000),
              "that a worker lets go of a lane before another gets it (I2)",
              "remove it; ownership is counted in sessions of 6000"),
          unsafe("topic.unclean.leader.election.enable", not("false"), SURVIVES, "remove it"),
          weak(
              "allow.auto.create.topics",
              not("false"),
              "that topics have the settings they need: one may come into being by accident",
              "remove it; tandem topics apply creates them"),
          weak(
              "num.standby.replicas",
              below(1),
              "that another router takes over within seconds (I4)",
              "remove it; Tandem sets 1"),
          weak(
              "transaction.timeout.ms",
              above(60_000),
              "that a killed router hides its last mail for seconds only (I4)",
              "remove it; Tandem sets 5000"));

  private ClientRules() {}

  /** In the order of the properties' names; {@code where} is left to who knows the file. */
  public static List<Finding> findings(Map<String, String> properties, Demands demands) {
    List<Finding> found = new ArrayList<>();
    SortedMap<String, String> sorted = new TreeMap<>(properties);
    sorted.forEach((property, value) -> {
      for (Rule rule : RULES) {
        if (rule.property().equals(bare(property)) && rule.bad().test(normal(value))) {
          found.add(finding(rule.grade(), property, value, rule.notPromised(), rule.remedy()));
        }
      }
    });
    unprefixed(sorted, found);
    byDemand(sorted, demands, found);
    found.addAll(TimeoutRules.findings(sorted));
    return found;
  }

  static Finding finding(
      Grade grade, String property, String value, String notPromised, String remedy) {
    return new Finding(grade, "tandem.yaml", KEY_PREFIX + property, value, notPromised, remedy);
  }

  /** Given to every client, these also take away what Tandem sets for a single one. */
  private static void unprefixed(Map<String, String> properties, List<Finding> found) {
    String reset = normal(properties.getOrDefault("auto.offset.reset", "none"));
    if (!reset.equals("none") && !reset.equals("latest")) {
      found.add(
          finding(
              Grade.UNSAFE,
              "auto.offset.reset",
              reset,
              "that a lane whose positions were lost is not sent a second time (I2)",
              "remove it; Tandem sets none for lanes"));
    }
    String isolation = normal(properties.getOrDefault("isolation.level", ""));
    if (isolation.equals("read_committed")) {
      found.add(
          finding(
              Grade.WEAK,
              "isolation.level",
              isolation,
              "that a new owner of a lane sees outcomes written behind an open transaction (I2)",
              "remove it; lanes are read_committed, the ledger is read to its end"));
    }
  }

  private static void byDemand(
      Map<String, String> properties, Demands demands, List<Finding> found) {
    properties.forEach((property, value) -> {
      long number = Numbers.read(Optional.of(value)).orElse(Long.MAX_VALUE);
      String name = bare(property);
      if (name.equals("max.request.size") && number < demands.recordMaxBytes()) {
        found.add(
            finding(
                Grade.UNSAFE,
                property,
                value,
                "that a message that was taken can be passed on: it stops its partition (I6)",
                "write "
                    + demands.recordMaxBytes()
                    + " or more, or lower ingest.max-message-size"));
      }
      if (name.equals("replication.factor") && number < demands.replicationFactor()) {
        found.add(
            finding(
                Grade.UNSAFE,
                property,
                value,
                "that the routers' stores survive the loss of a broker (I1)",
                "remove it; it follows kafka.replication-factor"));
      }
      if (name.equals("topic.min.insync.replicas")
          && number < 2
          && demands.replicationFactor() >= 3) {
        found.add(
            finding(
                Grade.UNSAFE,
                property,
                value,
                "that the routers' stores survive the loss of a broker (I1)",
                "remove it; Tandem sets 2"));
      }
    });
  }

  private static String bare(String property) {
    for (String prefix : PREFIXES) {
      if (property.startsWith(prefix)) {
        return property.substring(prefix.length());
      }
    }
    return property;
  }

  private static String normal(String value) {
    return value.strip().toLowerCase(Locale.ROOT);
  }

  private static Rule unsafe(
      String property, Predicate<String> bad, String notPromised, String remedy) {
    return new Rule(property, bad, Grade.UNSAFE, notPromised, remedy);
  }

  private static Rule weak(
      String property, Predicate<String> bad, String notPromised, String remedy) {
    return new Rule(property, bad, Grade.WEAK, notPromised, remedy);
  }

  private static Predicate<String> is(String value) {
    return value::equals;
  }

  private static Predicate<String> not(String... good) {
    List<String> values = List.of(good);
    return value -> !values.contains(value);
  }

  private static Predicate<String> below(long least) {
    return value -> Numbers.read(Optional.of(value)).orElse(least) < least;
  }

  private static Predicate<String> above(long most) {
    return value -> Numbers.read(Optional.of(value)).orElse(most) > most;
  }
}
