package io.tandemmail.runtime.topics;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.model.settings.Settings;
import io.tandemmail.model.settings.SettingsReader;
import io.tandemmail.model.settings.SettingsResult;
import io.tandemmail.runtime.topics.TopicPlan.ActualTopic;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TopicPlanTest {
  private static final String CLUSTER =
      """
      kafka: { bootstrap-servers: "b:9092", partitions: 6 }
      servers: { a: { host: h }, b: { host: h } }
      routes: { default: { primary: a, secondary: b }, bulk: { primary: b, retry: { give-up-after: 10d } } }
      """;

  @Test
  void everyTopicIsCreatedWithItsPromises() {
    List<TopicSpec> wanted = TopicCatalog.wanted(settings(CLUSTER));

    assertThat(wanted)
        .extracting(TopicSpec::name)
        .contains(
            "mail.submitted",
            "mail.outbound.default.a",
            "mail.outbound.default.b",
            "mail.outbound.bulk.b",
            "mail.server-health")
        .doesNotContain("mail.outbound.bulk.a")
        .doesNotHaveDuplicates();
    assertThat(wanted).allMatch(spec -> spec.config().get("min.insync.replicas").equals("2"));
    assertThat(wanted)
        .allMatch(spec -> spec.config().get("unclean.leader.election.enable").equals("false"));
    assertThat(find(wanted, "mail.submitted").config())
        .containsEntry("retention.ms", Long.toString(11L * 24 * 3600 * 1000))
        .doesNotContainKey("flush.messages");
  }

  @Test
  void theHistoryOfHealthIsKeptAndHealthItselfIsATable() {
    List<TopicSpec> wanted = TopicCatalog.wanted(settings(CLUSTER));

    assertThat(find(wanted, "mail.server-health-history").config())
        .containsEntry("cleanup.policy", "delete")
        .containsEntry("retention.ms", Long.toString(7L * 24 * 3600 * 1000));
    assertThat(find(wanted, "mail.server-health").config())
        .containsEntry("cleanup.policy", "compact");
  }

  @Test
  void onlyTheEmbeddedBrokerFlushesEachSubmission() {
    List<TopicSpec> wanted =
        TopicCatalog.wanted(settings(CLUSTER.replace("\"b:9092\"", "embedded")));

    assertThat(wanted.stream().filter(spec -> spec.config().containsKey("flush.messages")))
        .extracting(TopicSpec::name)
        .containsExactly("mail.submitted");
  }

  @Test
  void whoPrefersSpeedHasNothingFlushed() {
    List<TopicSpec> wanted =
        TopicCatalog.wanted(
            settings(CLUSTER.replace("\"b:9092\"", "embedded, embedded: { flush: none }")));

    assertThat(find(wanted, "mail.submitted").config())
        .containsEntry("flush.messages", "9223372036854775807");
  }

  /** Else a submission without an outcome could be one that was sent long ago. */
  @Test
  void onOneDiskNoSubmissionIsKeptLongerThanItsOutcome() {
    for (String giveUpAfter : List.of("1h", "10d", "30d")) {
      List<TopicSpec> wanted =
          TopicCatalog.wanted(
              settings(CLUSTER.replace("\"b:9092\"", "embedded").replace("10d", giveUpAfter)));
      Map<String, String> submitted = find(wanted, "mail.submitted").config();

      assertThat(millis(find(wanted, "mail.outcomes").config(), "retention.ms"))
          .isGreaterThan(millis(submitted, "retention.ms") + millis(submitted, "segment.ms"));
    }
  }

  private static long millis(Map<String, String> config, String key) {
    return Long.parseLong(config.get(key));
  }

  @Test
  void appliedTwiceNothingIsLeftToDo() {
    List<TopicSpec> wanted = TopicCatalog.wanted(settings(CLUSTER));
    Map<String, ActualTopic> actual = new HashMap<>();
    wanted.forEach(spec ->
        actual.put(
            spec.name(),
            new ActualTopic(spec.partitions(), spec.replicationFactor(), spec.config())));

    assertThat(TopicPlan.compare(wanted, actual).isClean()).isTrue();
  }

  @Test
  void aDifferenceInPartitionsIsReportedAndNeverAltered() {
    List<TopicSpec> wanted =
        List.of(find(TopicCatalog.wanted(settings(CLUSTER)), "mail.submitted"));
    Map<String, String> config = new HashMap<>(wanted.getFirst().config());
    config.put("retention.ms", "1000");
    TopicPlan plan =
        TopicPlan.compare(wanted, Map.of("mail.submitted", new ActualTopic(3, 3, config)));

    assertThat(plan.mismatches())
        .singleElement()
        .satisfies(
            m -> assertThat(m.what()).isEqualTo("has 3 partitions, the configuration says 6"));
    assertThat(plan.text()).contains("retention.ms: 1000 -> ");
  }

  private static TopicSpec find(List<TopicSpec> wanted, String name) {
    return wanted.stream().filter(spec -> spec.name().equals(name)).findFirst().orElseThrow();
  }

  private static Settings settings(String yaml) {
    return ((SettingsResult.Valid) SettingsReader.read("test", yaml, Map.of())).settings();
  }
}
