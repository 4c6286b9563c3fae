package io.tandemmail.torture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tandemmail.torture.KindFigures.Spread;
import java.time.Duration;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class KindFiguresTest {
  @Test
  void percentilesAreMeasuredValuesByNearestRank() {
    Spread spread = Spread.of(IntStream.rangeClosed(1, 200).mapToObj(Duration::ofMillis));

    assertThat(spread.median()).isEqualTo(Duration.ofMillis(100));
    assertThat(spread.p99()).isEqualTo(Duration.ofMillis(198));
    assertThat(spread.longest()).isEqualTo(Duration.ofMillis(200));
  }

  @Test
  void ofOneAllAreThatOne() {
    Duration only = Duration.ofSeconds(3);

    assertThat(Spread.of(Stream.of(only))).isEqualTo(new Spread(only, only, only));
  }

  @Test
  void ofNoneThereIsNoFigure() {
    assertThatIllegalArgumentException().isThrownBy(() -> Spread.of(Stream.empty()));
  }
}
