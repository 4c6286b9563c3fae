package io.tandemmail.model.safety;

import io.tandemmail.model.safety.Finding.Grade;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The brokers and all their topics that hold mail, or what Tandem knows of it. */
public final class ClusterRules {
  private static final int THREE = 3;
  private static final long ROUTER_TRANSACTION_MILLIS = 5_000;

  private final ClusterFacts cluster;
  private final Demands demands;
  private final List<Finding> found = new ArrayList<>();

  private ClusterRules(ClusterFacts cluster, Demands demands) {
    this.cluster = cluster;
    this.demands = demands;
  }

  /**
   * @param properties the user's own for clients: some must fit the brokers' settings
   */
  public static List<Finding> findings(
      ClusterFacts cluster, Map<String, String> properties, Demands demands) {
    ClusterRules rules = new ClusterRules(cluster, demands);
    rules.size();
    rules.internalTopics();
    rules.brokers(properties);
    cluster
        .topics()
        .forEach(
            topic -> rules.found.addAll(TopicRules.findings(topic, cluster.brokers(), demands)));
    return rules.found;
  }

  private void size() {
    boolean known = cluster.brokers() > 0;
    if (demands.embedded() || !known || cluster.brokers() >= THREE) {
      return;
    }
    add(
        Grade.WEAK,
        "number of brokers",
        Integer.toString(cluster.brokers()),
        "that mail moves on, and acknowledged mail survives, when a broker or its disk is lost (I1)",
        "run three brokers with kafka.replication-factor 3");
  }

  /** Before Kafka made these topics only the brokers' settings say how it will make them. */
  private void internalTopics() {
    if (cluster.brokers() < THREE) {
      return;
    }
    if (!isThere("__transaction_state")) {
      replicated("transaction.state.log.replication.factor");
      number("transaction.state.log.min.isr")
          .filter(least -> least < 2)
          .ifPresent(least ->
              add(
                  Grade.UNSAFE,
                  "transaction.state.log.min.isr",
                  Long.toString(least),
                  "that a router's committed work survives the loss of a broker (I1)",
                  "set it to 2"));
    }
    if (!isThere("__consumer_offsets")) {
      replicated("offsets.topic.replication.factor");
    }
  }

  private void replicated(String setting) {
    number(setting)
        .filter(factor -> factor < 2)
        .ifPresent(factor ->
            add(
                Grade.UNSAFE,
                setting,
                Long.toString(factor),
                "that services go on, and know what is done, when one broker is away (I1, I2)",
                "set it to 3 before the first start; later use kafka-reassign-partitions"));
  }

  private void brokers(Map<String, String> properties) {
    setting("unclean.leader.election.enable")
        .filter("true"::equals)
        .ifPresent(value ->
            add(
                Grade.UNSAFE,
                "unclean.leader.election.enable",
                value,
                "that the routers' stores and all positions stay as acknowledged (I1, I2)",
                "set it to false"));
    number("offsets.retention.minutes")
        .filter(minutes -> Duration.ofMinutes(minutes).compareTo(demands.mailLife()) < 0)
        .ifPresent(minutes ->
            add(
                Grade.UNSAFE,
                "offsets.retention.minutes",
                Long.toString(minutes),
                "that positions are known as long as mail may wait: the longest give-up-after is "
                    + demands.mailLife().toMinutes()
                    + " minutes (I2)",
                demands.embedded()
                    ? "choose a shorter give-up-after"
                    : "set it to more than that"));
    long transaction =
        Numbers.read(
                Optional.ofNullable(properties.get("producer.transaction.timeout.ms"))
                    .or(() -> Optional.ofNullable(properties.get("transaction.timeout.ms"))))
            .orElse(ROUTER_TRANSACTION_MILLIS);
    number("transaction.max.timeout.ms")
        .filter(most -> most < transaction)
        .ifPresent(most ->
            add(
                Grade.UNSAFE,
                "transaction.max.timeout.ms",
                Long.toString(most),
                "that a router runs: it asks for transactions of " + transaction + " ms (I1)",
                "set it to that or more"));
    setting("auto.create.topics.enable")
        .filter("true"::equals)
        .ifPresent(value ->
            add(
                Grade.WEAK,
                "auto.create.topics.enable",
                value,
                "that topics have the settings they need: a client may create one by accident",
                "set it to false"));
  }

  private boolean isThere(String topic) {
    return cluster.topics().stream().anyMatch(known -> known.name().equals(topic));
  }

  private Optional<String> setting(String key) {
    return Optional.ofNullable(cluster.brokerConfig().get(key));
  }

  private Optional<Long> number(String key) {
    return Numbers.read(setting(key));
  }

  private void add(Grade grade, String setting, String value, String notPromised, String remedy) {
    found.add(new Finding(grade, "brokers", setting, value, notPromised, remedy));
  }
}
