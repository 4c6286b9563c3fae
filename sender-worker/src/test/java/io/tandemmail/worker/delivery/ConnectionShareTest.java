package io.tandemmail.worker.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.model.settings.Settings;
import io.tandemmail.model.settings.SettingsReader;
import io.tandemmail.model.settings.SettingsResult;
import io.tandemmail.model.wire.Topics;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** I5: the parts add up to the cap, however the group spreads the partitions. */
class ConnectionShareTest {
  @Test
  void thePartsAddUpToTheCapHoweverPartitionsAreSpread() {
    Random random = new Random(3);
    for (int cap : List.of(12, 40, 41, 100)) {
      Settings settings = settings(cap);
      for (int workers = 1; workers <= 3; workers++) {
        List<Set<TopicPartition>> owned = new ArrayList<>();
        for (int w = 0; w < workers; w++) {
          owned.add(new HashSet<>());
        }
        for (String route : List.of("bulk", "default")) {
          for (int p = 0; p < 6; p++) {
            owned.get(random.nextInt(workers)).add(new TopicPartition(Topics.lane(route, "a"), p));
          }
        }
        int total =
            owned.stream()
                .mapToInt(part -> ConnectionShare.of(settings, "a", part).connections())
                .sum();
        assertThat(total).isEqualTo(cap);
      }
    }
  }

  @Test
  void whoOwnsNothingConnectsNowhere() {
    assertThat(ConnectionShare.of(settings(10), "a", Set.of()).connections()).isZero();
  }

  private static Settings settings(int cap) {
    String yaml =
        """
        kafka: { partitions: 6 }
        servers: { a: { host: h, max-connections: %d }, b: { host: h } }
        routes: { default: { primary: a, secondary: b }, bulk: { primary: b, secondary: a } }
        """
            .formatted(cap);
    return ((SettingsResult.Valid) SettingsReader.read("test", yaml, Map.of())).settings();
  }
}
