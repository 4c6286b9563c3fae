package io.tandemmail.runtime.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ClockWatchTest {
  private static final long TWO_HOURS = 7_200_000;

  private final AtomicLong ahead = new AtomicLong(1_000_000);
  private final ClockWatch watch = new ClockWatch(ahead::get);

  @Test
  void aClockThatIsSetBackIsNoticedOnce() {
    ahead.addAndGet(-TWO_HOURS);

    assertThat(watch.wasSetBack()).isTrue();
    assertThat(watch.wasSetBack()).isFalse();
  }

  @Test
  void oneThatWasSetForwardByMistakeIsNoticedWhenItIsPutRight() {
    ahead.addAndGet(TWO_HOURS);
    assertThat(watch.wasSetBack()).isFalse();

    ahead.addAndGet(-TWO_HOURS);

    assertThat(watch.wasSetBack()).isTrue();
  }

  @Test
  void smallCorrectionsAreNothing() {
    for (int i = 0; i < 10; i++) {
      ahead.addAndGet(-ClockWatch.HARMLESS.toMillis());
      assertThat(watch.wasSetBack()).isFalse();
    }
  }
}
