package io.tandemmail.runtime.safety;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.model.safety.ClusterFacts;
import io.tandemmail.model.safety.ClusterRules;
import io.tandemmail.model.safety.Finding;
import io.tandemmail.model.safety.TopicFacts;
import io.tandemmail.model.settings.Settings;
import io.tandemmail.model.settings.SettingsReader;
import io.tandemmail.model.settings.SettingsResult;
import io.tandemmail.runtime.topics.TopicCatalog;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code topics apply} makes must pass the gate, or its remedy would be none. */
class WantedTopicsTest {
  @ParameterizedTest
  @CsvSource({"b:9092, 3", "embedded, 1"})
  void theTopicsThatTandemMakesHaveNoFinding(String bootstrap, int brokers) {
    assertThat(findings(bootstrap, brokers, "")).isEmpty();
  }

  @Test
  void aLongerLifeOfMailIsMetByItsTopics() {
    assertThat(findings("b:9092", 3, ", retry: { give-up-after: 30d }")).isEmpty();
  }

  @Test
  void oneReplicaOnThreeBrokersIsFoundOnEveryTopicThatMatters() {
    assertThat(findings("b:9092', replication-factor: '1", 3, ""))
        .filteredOn(Finding::isUnsafe)
        .extracting(Finding::where)
        .contains("topic mail.submitted", "topic mail.outbound.default.a", "topic mail.outcomes")
        .doesNotContain("topic mail.services");
  }

  private static List<Finding> findings(String bootstrap, int brokers, String route) {
    String yaml =
        """
        kafka: { bootstrap-servers: '%s' }
        servers: { a: { host: h }, b: { host: h } }
        routes: { default: { primary: a, secondary: b%s } }
        """
            .formatted(bootstrap, route);
    Settings settings =
        ((SettingsResult.Valid) SettingsReader.read("test", yaml, Map.of())).settings();
    List<TopicFacts> topics =
        TopicCatalog.wanted(settings).stream()
            .map(spec -> new TopicFacts(spec.name(), spec.replicationFactor(), spec.config()))
            .toList();
    ClusterFacts cluster = new ClusterFacts(brokers, Map.of(), topics, List.of());
    return ClusterRules.findings(cluster, Map.of(), settings.demands());
  }
}
