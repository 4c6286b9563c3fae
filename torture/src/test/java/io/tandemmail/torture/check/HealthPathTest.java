package io.tandemmail.torture.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.model.server.ServerState;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class HealthPathTest {
  private static final Instant FAULT = Instant.parse("2026-11-25T10:00:00Z");

  private final HealthPath path = new HealthPath();

  @Test
  void tellsStatesAndTheWholeShareWithTheirTimesSinceTheFault() {
    note(-5_000, ServerState.UP, 100);
    note(410, ServerState.DOWN, 0);
    note(8_100, ServerState.RECOVERING, 10);
    note(9_000, ServerState.RECOVERING, 60);
    note(13_000, ServerState.UP, 100);

    assertThat(path.text(FAULT, FAULT.plusSeconds(20)))
        .isEqualTo(
            "UP, DOWN after 0.41 s, RECOVERING after 8.10 s, UP after 13.00 s, whole share after 13.00 s; smallest share 0 %");
    assertThat(path.transitions(FAULT, FAULT.plusSeconds(20))).isEqualTo(3);
  }

  @Test
  void whatComesAfterTheTimeAskedForIsNotOfThisFault() {
    note(410, ServerState.DOWN, 0);
    note(8_100, ServerState.RECOVERING, 10);

    assertThat(path.transitions(FAULT, FAULT.plusSeconds(5))).isEqualTo(1);
    assertThat(path.text(FAULT, FAULT.plusSeconds(5))).doesNotContain("RECOVERING");
  }

  @Test
  void aChangeOfShareIsNoTransition() {
    note(300, ServerState.OVERLOADED, 70);
    note(800, ServerState.OVERLOADED, 40);

    assertThat(path.transitions(FAULT, FAULT.plusSeconds(5))).isEqualTo(1);
    assertThat(path.text(FAULT, FAULT.plusSeconds(5)))
        .isEqualTo("UP, OVERLOADED after 0.30 s; smallest share 40 %");
  }

  private void note(long millis, ServerState state, int share) {
    path.note(FAULT.plusMillis(millis), state, share);
  }
}
