package io.tandemmail.worker.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class UsualTimeTest {
  private final UsualTime usual = new UsualTime();

  @Test
  void nothingIsUsualBeforeTheFirst() {
    assertThat(usual.get()).isZero();
    usual.add(Duration.ofMillis(50));
    assertThat(usual.get()).isEqualTo(Duration.ofMillis(50));
  }

  @Test
  void aSlowFirstOneIsSoonForgotten() {
    add(1, Duration.ofSeconds(1));
    add(19, Duration.ofMillis(20));
    assertThat(usual.get()).isLessThan(Duration.ofMillis(100));
  }

  @Test
  void aSilenceOnManyConnectionsIsNotUsual() {
    add(100, Duration.ofMillis(50));
    add(12, Duration.ofMinutes(5));
    assertThat(usual.get()).isLessThan(Duration.ofMillis(100));
  }

  @Test
  void whatStaysSlowBecomesUsual() {
    add(100, Duration.ofMillis(15));
    add(200, Duration.ofMillis(150));
    assertThat(usual.get()).isBetween(Duration.ofMillis(149), Duration.ofMillis(150));
  }

  private void add(int times, Duration took) {
    for (int i = 0; i < times; i++) {
      usual.add(took);
    }
  }
}
