package io.tandemmail.smtp.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplyTimesTest {
  private final ReplyTimes times = new ReplyTimes();

  @Test
  void ofAnUnknownServerNothingIsExpected() {
    assertThat(times.isWorthLending()).isFalse();
    times.roundTrip(1);
    assertThat(times.isWorthLending()).isFalse();
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
    times.roundTrip(TimeUnit.MILLISECONDS.toNanos(roundTripMillis));
    times.finalDot(TimeUnit.MILLISECONDS.toNanos(dotMillis));
    assertThat(times.isWorthLending()).as(server).isEqualTo(worth);
  }

  @Test
  void oneSlowEnvelopeIsNoFarServer() {
    times.roundTrip(TimeUnit.MILLISECONDS.toNanos(1));
    times.roundTrip(TimeUnit.MILLISECONDS.toNanos(100));
    times.finalDot(TimeUnit.MILLISECONDS.toNanos(150));
    assertThat(times.isWorthLending()).isFalse();
  }

  @Test
  void theLastAnswerCounts() {
    times.roundTrip(TimeUnit.MILLISECONDS.toNanos(1));
    times.finalDot(TimeUnit.MILLISECONDS.toNanos(150));
    times.finalDot(TimeUnit.MILLISECONDS.toNanos(15));
    assertThat(times.isWorthLending()).isTrue();
  }
}
