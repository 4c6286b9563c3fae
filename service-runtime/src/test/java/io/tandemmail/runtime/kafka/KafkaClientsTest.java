package io.tandemmail.runtime.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.tandemmail.model.settings.KafkaSettings;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.CommonClientConfigs;
import org.junit.jupiter.api.Test;

class KafkaClientsTest {
  private static final Duration ASKED = Duration.ofMillis(200);

  @Test
  void theUsersPropertiesWin() {
    KafkaSettings kafka =
        kafka("127.0.0.1:1", Map.of(CommonClientConfigs.METADATA_MAX_AGE_CONFIG, "7"));

    assertThat(KafkaClients.common(kafka, "c"))
        .containsEntry(CommonClientConfigs.METADATA_MAX_AGE_CONFIG, "7")
        .containsEntry(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, "127.0.0.1:1")
        .containsEntry(CommonClientConfigs.CLIENT_ID_CONFIG, "c");
  }

  /** A readiness probe that takes longer than its caller waits makes an orchestrator kill the service. */
  @Test
  void silenceIsReportedWithinTheTimeAskedFor() {
    assertTimeoutPreemptively(
        Duration.ofSeconds(5),
        () ->
            assertThat(KafkaClients.unreachable(kafka("127.0.0.1:1", Map.of()), ASKED))
                .contains("no Kafka broker answers at 127.0.0.1:1"));
  }

  @Test
  void aNameThatDoesNotResolveIsSilenceToo() {
    assertThat(KafkaClients.unreachable(kafka("no-such-host.invalid:9092", Map.of()), ASKED))
        .contains("no Kafka broker answers at no-such-host.invalid:9092");
  }

  private static KafkaSettings kafka(String servers, Map<String, String> properties) {
    return new KafkaSettings(servers, Optional.empty(), 12, (short) 1, properties);
  }
}
