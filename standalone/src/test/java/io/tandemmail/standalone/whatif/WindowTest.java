package io.tandemmail.standalone.whatif;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class WindowTest {
  @Test
  void whatHappenedAMomentAgoIsInTheLastHour() {
    Instant now = Instant.parse("2026-11-30T10:00:00.900Z");
    Window hour = Window.lastHours(1, now);

    assertThat(hour.contains(now.minusMillis(1))).isTrue();
    assertThat(hour.contains(Instant.parse("2026-11-30T09:00:00.999Z"))).isFalse();
    assertThat(hour.contains(Instant.parse("2026-11-30T09:00:01Z"))).isTrue();
    assertThat(hour.seconds()).isEqualTo(3_600);
  }
}
