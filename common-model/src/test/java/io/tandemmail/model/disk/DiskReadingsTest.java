package io.tandemmail.model.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DiskReadingsTest {
  private static final LogDir ONE = new LogDir(1, "/a", 10, 100);
  private static final LogDir ONE_LATER = new LogDir(1, "/a", 20, 100);
  private static final LogDir TWO = new LogDir(2, "/b", 30, 100);

  @Test
  void theLastAnswerOfEachBrokerCounts() {
    DiskReadings first =
        DiskReadings.NONE.next(Map.of(2, List.of(TWO), 1, List.of(ONE)), seconds(0));

    assertThat(first.next(Map.of(1, List.of(ONE_LATER)), seconds(2)).known())
        .containsExactly(ONE_LATER, TWO);
  }

  @Test
  void aBrokerThatFellSilentIsForgottenAfterHalfAMinute() {
    DiskReadings first =
        DiskReadings.NONE.next(Map.of(1, List.of(ONE), 2, List.of(TWO)), seconds(0));
    DiskReadings silent = first.next(Map.of(1, List.of(ONE)), seconds(30));

    assertThat(silent.known()).containsExactly(ONE, TWO);
    assertThat(silent.next(Map.of(1, List.of(ONE)), seconds(31)).known()).containsExactly(ONE);
  }

  private static long seconds(long seconds) {
    return Duration.ofSeconds(seconds).toNanos() + Long.MAX_VALUE - 1_000_000;
  }
}
