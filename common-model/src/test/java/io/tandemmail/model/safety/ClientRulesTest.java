package io.tandemmail.model.safety;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.model.safety.Finding.Grade;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientRulesTest {
  private static final Demands CLUSTER = new Demands(false, 3, 10 << 20, Duration.ofDays(4));

  @ParameterizedTest
  @CsvSource({
    "acks, 1, UNSAFE, all",
    "acks, 0, UNSAFE, -1",
    "producer.acks, 1, UNSAFE, all",
    "enable.idempotence, false, UNSAFE, true",
    "max.in.flight.requests.per.connection, 6, UNSAFE, 5",
    "retries, 0, UNSAFE, 10",
    "isolation.level, read_uncommitted, UNSAFE, ''",
    "main.consumer.isolation.level, READ_UNCOMMITTED, UNSAFE, read_committed",
    "isolation.level, read_committed, WEAK, ''",
    "enable.auto.commit, true, UNSAFE, false",
    "auto.offset.reset, latest, UNSAFE, none",
    "auto.offset.reset, earliest, UNSAFE, none",
    "consumer.auto.offset.reset, latest, UNSAFE, earliest",
    "processing.guarantee, at_least_once, UNSAFE, exactly_once_v2",
    "group.id, mine, UNSAFE, ''",
    "group.instance.id, one, UNSAFE, ''",
    "transactional.id, one, UNSAFE, ''",
    "application.id, mine, UNSAFE, tandem-router",
    "session.timeout.ms, 5999, UNSAFE, 6000",
    "heartbeat.interval.ms, 6000, UNSAFE, 1500",
    "topic.unclean.leader.election.enable, true, UNSAFE, false",
    "topic.min.insync.replicas, 1, UNSAFE, 2",
    "replication.factor, 2, UNSAFE, 3",
    "max.request.size, 1048576, UNSAFE, 33554432",
    "allow.auto.create.topics, true, WEAK, false",
    "num.standby.replicas, 0, WEAK, 1",
    "transaction.timeout.ms, 60001, WEAK, 5000",
    "producer.transaction.timeout.ms, 49, UNSAFE, 5000",
    "delivery.timeout.ms, 60000, WEAK, 5000",
    "delivery.timeout.ms, 4001, UNSAFE, 4500",
    "request.timeout.ms, 4499, UNSAFE, 4000",
    "linger.ms, 501, UNSAFE, 500",
    "producer.delivery.timeout.ms, 30999, UNSAFE, 31000",
  })
  void aBadValueIsFoundAndTheUsualOneIsNot(String property, String bad, Grade grade, String usual) {
    Map<String, String> fitting =
        property.equals("delivery.timeout.ms")
            ? Map.of("producer.delivery.timeout.ms", "120000", "request.timeout.ms", "4000")
            : Map.of();

    assertThat(ClientRules.findings(with(fitting, property, bad), CLUSTER))
        .anySatisfy(finding -> {
          assertThat(finding.setting()).isEqualTo("kafka.properties." + property);
          assertThat(finding.grade()).isEqualTo(grade);
          assertThat(finding.notPromised()).isNotBlank();
          assertThat(finding.remedy()).isNotBlank();
        });
    if (!usual.isEmpty()) {
      Map<String, String> workersToo = Map.of("request.timeout.ms", "2000");
      assertThat(
              ClientRules.findings(
                  property.startsWith("delivery")
                      ? with(workersToo, property, usual)
                      : Map.of(property, usual),
                  CLUSTER))
          .filteredOn(finding -> finding.setting().endsWith(property))
          .isEmpty();
    }
  }

  @Test
  void whatSaysNothingAboutMailIsNobodysBusiness() {
    assertThat(
            ClientRules.findings(
                Map.of("security.protocol", "SASL_SSL", "fetch.max.wait.ms", "9", "acks", "ALL"),
                CLUSTER))
        .isEmpty();
  }

  @Test
  void aSessionTooShortIsNamedAndNotWhatTheUserDidNotWrite() {
    assertThat(ClientRules.findings(Map.of("session.timeout.ms", "1000"), CLUSTER))
        .extracting(Finding::setting)
        .containsExactly("kafka.properties.session.timeout.ms");
  }

  @Test
  void oneReplicaIsNoLessThanTheConfigurationWants() {
    Demands embedded = new Demands(true, 1, 10 << 20, Duration.ofDays(4));

    assertThat(
            ClientRules.findings(
                Map.of("replication.factor", "1", "topic.min.insync.replicas", "1"), embedded))
        .isEmpty();
  }

  private static Map<String, String> with(Map<String, String> some, String key, String value) {
    Map<String, String> all = new HashMap<>(some);
    all.put(key, value);
    return all;
  }
}
