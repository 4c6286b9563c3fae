package io.tandemmail.model.safety;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.tandemmail.model.safety.Finding.Grade;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClusterRulesTest {
  private static final Demands WANTED = new Demands(false, 3, 10 << 20, Duration.ofDays(4));
  private static final Demands EMBEDDED = new Demands(true, 1, 10 << 20, Duration.ofDays(4));
  private static final String WEEK = Long.toString(Duration.ofDays(7).toMillis());

  /** As docker-compose.yml and the tests of the cluster set them up. */
  private static final Map<String, String> BROKER =
      Map.of(
          "unclean.leader.election.enable", "false",
          "transaction.state.log.replication.factor", "3",
          "transaction.state.log.min.isr", "2",
          "offsets.topic.replication.factor", "3",
          "offsets.retention.minutes", "10080",
          "transaction.max.timeout.ms", "900000",
          "auto.create.topics.enable", "false");

  @ParameterizedTest
  @CsvSource({
    "mail.submitted, cleanup.policy, compact, UNSAFE",
    "mail.outbound.r.a, cleanup.policy, 'compact,delete', UNSAFE",
    "mail.submitted, retention.ms, 345599999, UNSAFE",
    "mail.submitted, retention.ms, 345600000, WEAK",
    "mail.returned, retention.ms, 1000, UNSAFE",
    "mail.outcomes, retention.ms, 1000, UNSAFE",
    "mail.rejected, retention.ms, 1000, WEAK",
    "mail.outbound.r.a, retention.bytes, 1000000, UNSAFE",
    "mail.outbound.r.a, max.message.bytes, 1048588, UNSAFE",
    "mail.submitted, max.message.bytes, 1048588, WEAK",
    "mail.submitted, unclean.leader.election.enable, true, UNSAFE",
    "__consumer_offsets, unclean.leader.election.enable, true, UNSAFE",
    "tandem-router-schedule-changelog, unclean.leader.election.enable, true, UNSAFE",
    "mail.submitted, min.insync.replicas, 1, UNSAFE",
    "mail.submitted, min.insync.replicas, 3, WEAK",
    "tandem-router-schedule-changelog, min.insync.replicas, 1, UNSAFE",
    "__transaction_state, min.insync.replicas, 1, UNSAFE",
    "__consumer_offsets, min.insync.replicas, 1, WEAK",
    "mail.services, min.insync.replicas, 1, WEAK",
    "mail.server-health-history, min.insync.replicas, 1, WEAK",
    "mail.suppressions, cleanup.policy, delete, UNSAFE",
    "mail.route-counts, cleanup.policy, delete, UNSAFE",
    "mail.server-commands, cleanup.policy, 'compact,delete', UNSAFE",
  })
  void aBadSettingOfATopicIsFoundAndTheUsualOneIsNot(
      String topic, String setting, String bad, Grade grade) {
    TopicFacts usual = topic(topic, 3, Map.of());
    assertThat(findings(3, BROKER, usual)).isEmpty();

    assertThat(findings(3, BROKER, topic(topic, 3, Map.of(setting, bad))))
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.grade()).isEqualTo(grade);
          assertThat(finding.where()).isEqualTo("topic " + topic);
          assertThat(finding.setting()).isEqualTo(setting);
          assertThat(finding.value()).isEqualTo(bad);
        });
  }

  @ParameterizedTest
  @CsvSource({
    "mail.submitted, 1, UNSAFE",
    "mail.submitted, 2, WEAK",
    "mail.suppressions, 1, UNSAFE",
    "__transaction_state, 1, UNSAFE",
    "__consumer_offsets, 1, UNSAFE",
    "tandem-router-messages-changelog, 1, UNSAFE",
  })
  void tooFewReplicasWhereThereAreBrokersForMore(String topic, int replicas, Grade grade) {
    Map<String, String> one = Map.of("min.insync.replicas", "1");

    assertThat(findings(3, BROKER, topic(topic, replicas, one)))
        .singleElement()
        .satisfies(finding -> assertThat(finding.grade()).isEqualTo(grade));
  }

  @ParameterizedTest
  @CsvSource({
    "unclean.leader.election.enable, true, UNSAFE",
    "transaction.state.log.replication.factor, 1, UNSAFE",
    "transaction.state.log.min.isr, 1, UNSAFE",
    "offsets.topic.replication.factor, 1, UNSAFE",
    "offsets.retention.minutes, 5759, UNSAFE",
    "transaction.max.timeout.ms, 4999, UNSAFE",
    "auto.create.topics.enable, true, WEAK",
  })
  void aBadSettingOfTheBrokersIsFoundAndTheUsualOneIsNot(String setting, String bad, Grade grade) {
    assertThat(findings(3, BROKER)).isEmpty();
    Map<String, String> broker = new HashMap<>(BROKER);
    broker.put(setting, bad);

    assertThat(findings(3, broker))
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.grade()).isEqualTo(grade);
          assertThat(finding.where()).isEqualTo("brokers");
          assertThat(finding.setting()).isEqualTo(setting);
        });
  }

  @Test
  void theBrokersDefaultsDoNotCountOnceTheTopicIsThere() {
    Map<String, String> broker = new HashMap<>(BROKER);
    broker.put("offsets.topic.replication.factor", "1");

    assertThat(findings(3, broker, topic("__consumer_offsets", 3, Map.of()))).isEmpty();
  }

  @Test
  void aClustersOneBrokerIsWeakAndTheEmbeddedOneIsWhatWasChosen() {
    Map<String, String> broker = new HashMap<>(BROKER);
    broker.put("offsets.topic.replication.factor", "1");
    broker.put("transaction.state.log.replication.factor", "1");
    broker.put("transaction.state.log.min.isr", "1");
    TopicFacts submitted =
        topic("mail.submitted", 1, Map.of("min.insync.replicas", "1", "flush.messages", "1"));
    ClusterFacts one = new ClusterFacts(1, broker, List.of(submitted), List.of());

    assertThat(ClusterRules.findings(one, Map.of(), WANTED))
        .singleElement()
        .satisfies(finding -> assertThat(finding.grade()).isEqualTo(Grade.WEAK));
    assertThat(ClusterRules.findings(one, Map.of(), EMBEDDED)).isEmpty();
  }

  @Test
  void theEmbeddedBrokerFlushesEachSubmission() {
    TopicFacts unflushed =
        topic(
            "mail.submitted",
            1,
            Map.of("min.insync.replicas", "1", "flush.messages", "9223372036854775807"));
    ClusterFacts one = new ClusterFacts(1, Map.of(), List.of(unflushed), List.of());

    assertThat(ClusterRules.findings(one, Map.of(), EMBEDDED))
        .extracting(Finding::setting, Finding::grade)
        .containsExactly(tuple("flush.messages", Grade.UNSAFE));

    Demands speed = new Demands(true, false, 1, 10 << 20, Duration.ofDays(4));
    assertThat(ClusterRules.findings(one, Map.of(), speed))
        .extracting(Finding::setting, Finding::grade)
        .containsExactly(tuple("flush.messages", Grade.WEAK));
  }

  @Test
  void aTransactionTheUserMadeLongerMustFitTheBrokers() {
    ClusterFacts cluster = new ClusterFacts(3, BROKER, List.of(), List.of());

    assertThat(ClusterRules.findings(cluster, Map.of("transaction.timeout.ms", "900001"), WANTED))
        .extracting(Finding::setting)
        .containsExactly("transaction.max.timeout.ms");
  }

  @Test
  void whatMayNotBeReadIsNoFinding() {
    TopicFacts nothing = new TopicFacts("mail.submitted", 3, Map.of());

    assertThat(findings(3, Map.of(), nothing)).isEmpty();
  }

  private static List<Finding> findings(
      int brokers, Map<String, String> broker, TopicFacts... topics) {
    ClusterFacts facts = new ClusterFacts(brokers, broker, List.of(topics), List.of());
    return ClusterRules.findings(facts, Map.of(), WANTED);
  }

  /** As {@code topics apply} makes it, but for what differs. */
  private static TopicFacts topic(String name, int replicas, Map<String, String> different) {
    Map<String, String> config = new HashMap<>();
    config.put("min.insync.replicas", "2");
    config.put("unclean.leader.election.enable", "false");
    if (!List.of(
            "mail.suppressions", "mail.server-commands", "mail.server-health", "mail.route-counts")
        .contains(name)) {
      config.put("cleanup.policy", "delete");
      config.put("retention.ms", WEEK);
      config.put("retention.bytes", "-1");
      config.put("max.message.bytes", Integer.toString(11 << 20));
    } else {
      config.put("cleanup.policy", "compact");
    }
    config.putAll(different);
    return new TopicFacts(name, replicas, config);
  }
}
