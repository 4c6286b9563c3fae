package io.tandemmail.torture.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ArrivalsTest {
  private static final Instant T0 = Instant.parse("2026-11-25T12:00:00Z");

  private final Arrivals arrivals = new Arrivals(2, "mx-b");

  @Test
  void theGapIsThatOfThePartitionThatWaitedLongest() {
    for (int second = 0; second <= 20; second++) {
      arrivals.note(0, "mx-a", at(second));
      if (second < 5 || second > 12) {
        arrivals.note(1, "mx-a", at(second));
      }
    }

    assertThat(arrivals.longestGap(at(0), at(20))).isEqualTo(Duration.ofSeconds(9));
  }

  @Test
  void aWindowCutsGapsAtItsEnds() {
    arrivals.note(0, "mx-a", at(10));
    arrivals.note(1, "mx-a", at(10));

    assertThat(arrivals.longestGap(at(8), at(13))).isEqualTo(Duration.ofSeconds(3));
  }

  @Test
  void theSecondaryIsTimedFromTheFault() {
    arrivals.note(0, "mx-b", at(3));
    arrivals.note(0, "mx-a", at(5));
    arrivals.note(0, "mx-b", at(9));

    assertThat(arrivals.secondaryAfter(at(4))).contains(Duration.ofSeconds(5));
    assertThat(arrivals.secondaryAfter(at(10))).isEmpty();
  }

  private static Instant at(int second) {
    return T0.plusSeconds(second);
  }
}
