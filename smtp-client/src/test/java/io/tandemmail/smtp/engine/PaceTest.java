package io.tandemmail.smtp.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PaceTest {
  private final Pace pace = new Pace();

  @Test
  void ofAnUnknownServerNothingIsExpected() {
    assertThat(pace.isWorthLending()).isFalse();
    pace.roundTrip(1);
    assertThat(pace.isWorthLending()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "near and quick, 1, 45, true",
    "near and its own work takes long, 1, 55, false",
    "far and quick, 60, 65, true",
    "far and its own work takes long, 60, 245, false",
    "so far that a message behind would wait too long, 300, 300, false"
  })
  void whatARoundTripIsWorth(String server, long roundTripMillis, long dotMillis, boolean worth) {
    pace.roundTrip(TimeUnit.MILLISECONDS.toNanos(roundTripMillis));
    pace.finalDot(TimeUnit.MILLISECONDS.toNanos(dotMillis));
    assertThat(pace.isWorthLending()).as(server).isEqualTo(worth);
  }

  @Test
  void oneSlowEnvelopeIsNoFarServer() {
    pace.roundTrip(TimeUnit.MILLISECONDS.toNanos(1));
    pace.roundTrip(TimeUnit.MILLISECONDS.toNanos(100));
    pace.finalDot(TimeUnit.MILLISECONDS.toNanos(150));
    assertThat(pace.isWorthLending()).isFalse();
  }

  @Test
  void theLastAnswerCounts() {
    pace.roundTrip(TimeUnit.MILLISECONDS.toNanos(1));
    pace.finalDot(TimeUnit.MILLISECONDS.toNanos(150));
    pace.finalDot(TimeUnit.MILLISECONDS.toNanos(15));
    assertThat(pace.isWorthLending()).isTrue();
  }
}
