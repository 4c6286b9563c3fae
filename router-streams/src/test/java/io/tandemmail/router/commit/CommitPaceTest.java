package io.tandemmail.router.commit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommitPaceTest {
  private static final long NOW = 1_000_000;

  private final CommitPace pace = new CommitPace();

  @Test
  void theFirstCommitMayBeMadeAtOnce() {
    assertThat(pace.isDue(0)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "0, 50",
    "16, 50",
    "17, 51",
    "100, 300",
    "166, 498",
    "600, 500",
    "9000000000000000, 500"
  })
  void theNextIsThreeTimesAsFarAwayAsTheLastWasLongWithinBounds(long took, long wait) {
    pace.committed(NOW, took);

    assertThat(pace.dueMillis()).isEqualTo(NOW + wait);
    assertThat(pace.isDue(NOW + wait - 1)).isFalse();
    assertThat(pace.isDue(NOW + wait)).isTrue();
  }

  @Test
  void oneCommitInHalfASecondMayBeOutOfTurn() {
    pace.committed(NOW, 100);

    pace.hurry(NOW + 1);
    assertThat(pace.isDue(NOW + 1)).isTrue();
    pace.committed(NOW + 50, 1_000);
    pace.hurry(NOW + 51);
    assertThat(pace.isDue(NOW + 51)).isFalse();
    pace.hurry(NOW + 500);
    assertThat(pace.isDue(NOW + 500)).isFalse();
    pace.hurry(NOW + 501);
    assertThat(pace.isDue(NOW + 501)).isTrue();
  }
}
