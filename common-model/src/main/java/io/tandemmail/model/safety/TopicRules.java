package io.tandemmail.model.safety;

import io.tandemmail.model.safety.Finding.Grade;
import io.tandemmail.model.safety.TopicFacts.Role;
import io.tandemmail.model.wire.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One topic: its replicas, and what it may throw away. */
final class TopicRules {
  private static final int THREE = 3;
  private static final Duration LATE = Duration.ofHours(24);
  private static final String APPLY = "run tandem topics apply";
  private static final String REASSIGN = "use kafka-reassign-partitions";
  private static final String SURVIVES =
      "that what was acknowledged survives the loss of a broker (I1)";

  private final TopicFacts topic;
  private final int brokers;
  private final Demands demands;
  private final List<Finding> found = new ArrayList<>();

  private TopicRules(TopicFacts topic, int brokers, Demands demands) {
    this.topic = topic;
    this.brokers = brokers;
    this.demands = demands;
  }

  static List<Finding> findings(TopicFacts topic, int brokers, Demands demands) {
    TopicRules rules = new TopicRules(topic, brokers, demands);
    rules.replicas();
    rules.inSync();
    rules.leader();
    switch (topic.role()) {
      case MAIL -> {
        rules.mailIsKept();
        rules.mailFits();
      }
      case LEDGER -> rules.mailIsKept();
      case TABLE -> rules.tableIsKept();
      case INTERNAL, NEWS -> {}
    }
    rules.flushed();
    return rules.found;
  }

  private void replicas() {
    int replicas = topic.replicationFactor();
    if (brokers < THREE || replicas >= THREE || topic.role() == Role.NEWS) {
      return;
    }
    String value = Integer.toString(replicas);
    if (replicas == 1) {
      String lost =
          topic.role() == Role.INTERNAL
              ? "that services go on, and know what is done, when one broker is away (I1, I2)"
              : SURVIVES;
      add(Grade.UNSAFE, "replication factor", value, lost, REASSIGN);
    } else {
      add(
          Grade.WEAK,
          "replication factor",
          value,
          "that mail is on two disks while one broker is away (I1)",
          REASSIGN);
    }
  }

  private void inSync() {
    Optional<Long> least = Numbers.read(topic.setting("min.insync.replicas"));
    int replicas = topic.replicationFactor();
    if (least.isEmpty() || replicas < 2) {
      return;
    }
    String value = Long.toString(least.get());
    if (least.get() >= replicas) {
      add(
          Grade.WEAK,
          "min.insync.replicas",
          value,
          "that mail moves while one broker is away: all " + replicas + " replicas must be there",
          "set it to " + Math.max(1, replicas - 1));
    } else if (least.get() < 2 && replicas >= THREE) {
      // Committed positions lost are made good by the ledger; a lost transaction by nobody.
      boolean weak = topic.role() == Role.NEWS || topic.name().equals("__consumer_offsets");
      add(
          weak ? Grade.WEAK : Grade.UNSAFE,
          "min.insync.replicas",
          value,
          SURVIVES + ": one replica alone may have it",
          isOurs() ? APPLY : "set it to 2 with kafka-configs");
    }
  }

  private void leader() {
    topic
        .setting("unclean.leader.election.enable")
        .filter("true"::equals)
        .ifPresent(value ->
            add(
                Grade.UNSAFE,
                "unclean.leader.election.enable",
                value,
                "that what was acknowledged stays: a broker that missed it may become leader (I1)",
                isOurs() ? APPLY : "set it to false with kafka-configs"));
  }

  private void mailIsKept() {
    String policy = topic.setting("cleanup.policy").orElse("delete");
    if (policy.contains("compact")) {
      add(
          Grade.UNSAFE,
          "cleanup.policy",
          policy,
          "that each record is kept: of one message's only the last stays (I1, I2)",
          APPLY);
    }
    Numbers.read(topic.setting("retention.ms"))
        .filter(millis -> millis >= 0)
        .ifPresent(millis -> keptFor(Duration.ofMillis(millis)));
    Numbers.read(topic.setting("retention.bytes"))
        .filter(bytes -> bytes >= 0)
        .ifPresent(bytes ->
            add(
                Grade.UNSAFE,
                "retention.bytes",
                Long.toString(bytes),
                lost() + ": a long backlog would be deleted from its old end",
                APPLY));
  }

  private void keptFor(Duration retention) {
    String value = Long.toString(retention.toMillis());
    if (retention.compareTo(demands.mailLife()) < 0) {
      Grade grade = topic.name().equals(Topics.REJECTED) ? Grade.WEAK : Grade.UNSAFE;
      add(
          grade,
          "retention.ms",
          value,
          lost() + ": the longest give-up-after is " + demands.mailLife().toMillis() + " ms",
          APPLY);
    } else if (retention.compareTo(demands.mailLife().plus(LATE)) < 0) {
      add(
          Grade.WEAK,
          "retention.ms",
          value,
          lost() + " when a service is away for a day at the end of its life",
          APPLY);
    }
  }

  private String lost() {
    return topic.role() == Role.LEDGER
        ? "that a new owner of a lane knows what was sent (I2)"
        : "that waiting mail is kept until it is sent or given up (I1)";
  }

  private void mailFits() {
    Numbers.read(topic.setting("max.message.bytes"))
        .filter(bytes -> bytes < demands.recordMaxBytes())
        .ifPresent(bytes -> {
          boolean entry = topic.name().equals(Topics.SUBMITTED);
          add(
              entry ? Grade.WEAK : Grade.UNSAFE,
              "max.message.bytes",
              Long.toString(bytes),
              entry
                  ? "that ingest takes messages up to ingest.max-message-size"
                  : "that a message that was taken can be passed on: it stops its partition (I6)",
              APPLY);
        });
  }

  private void tableIsKept() {
    String policy = topic.setting("cleanup.policy").orElse("compact");
    if (!policy.equals("compact")) {
      String lost =
          switch (topic.name()) {
            case Topics.SUPPRESSIONS ->
                "that a suppressed address gets no mail: its entry ages out";
            case Topics.ROUTE_COUNTS ->
                "that accepted = delivered + failed + waiting is known (I3)";
            default -> "that orders and health of servers stay known to all (I8)";
          };
      add(Grade.UNSAFE, "cleanup.policy", policy, lost, APPLY);
    }
  }

  private void flushed() {
    if (!demands.embedded() || !topic.name().equals(Topics.SUBMITTED)) {
      return;
    }
    topic
        .setting("flush.messages")
        .filter(messages -> !messages.equals("1"))
        .ifPresent(messages ->
            add(
                demands.flushed() ? Grade.UNSAFE : Grade.WEAK,
                "flush.messages",
                messages,
                "that accepted mail survives a power cut: one disk, and not flushed (I1)",
                demands.flushed() ? APPLY : "leave out kafka.embedded.flush"));
  }

  private boolean isOurs() {
    return topic.role() != Role.INTERNAL;
  }

  private void add(Grade grade, String setting, String value, String notPromised, String remedy) {
    found.add(new Finding(grade, "topic " + topic.name(), setting, value, notPromised, remedy));
  }
}
