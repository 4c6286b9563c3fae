package io.tandemmail.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.model.server.ServerHealth;
import io.tandemmail.model.server.ServerMode;
import io.tandemmail.model.server.ServerState;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class HealthHistoryTest {
  private static final Instant START = Instant.parse("2026-11-24T10:00:00Z");

  private final HealthHistory history = new HealthHistory();

  @Test
  void thePastIsShownAndIsNoNews() {
    history.note(change("mx-a", 1));
    history.note(change("mx-a", 2));

    assertThat(history.news()).isEmpty();
    assertThat(history.newestFirst()).containsExactly(change("mx-a", 2), change("mx-a", 1));
  }

  @Test
  void eachChangeIsNewsOnceAndInOrder() {
    history.news();
    history.note(change("mx-a", 1));
    history.note(change("mx-b", 2));

    assertThat(history.news()).containsExactly(change("mx-a", 1), change("mx-b", 2));
    assertThat(history.news()).isEmpty();
  }

  @Test
  void aTopicReadAgainBringsOnlyWhatWasMissed() {
    history.news();
    history.note(change("mx-a", 1));
    history.note(change("mx-a", 2));
    history.news();

    history.note(change("mx-a", 1));
    history.note(change("mx-a", 2));
    history.note(change("mx-a", 3));

    assertThat(history.news()).containsExactly(change("mx-a", 3));
    assertThat(history.newestFirst()).hasSize(3);
  }

  @Test
  void theOldestGoesWhenThereAreMany() {
    for (int epoch = 1; epoch <= HealthHistory.KEPT_MAX + 5; epoch++) {
      history.note(change("mx-a", epoch));
    }

    assertThat(history.newestFirst()).hasSize(HealthHistory.KEPT_MAX);
    assertThat(history.newestFirst().getLast().epoch()).isEqualTo(6);
  }

  private static ServerHealth change(String server, int epoch) {
    return new ServerHealth(
        server, ServerState.DOWN, 0, epoch, START.plusSeconds(epoch), "refused", ServerMode.AUTO);
  }
}
