package io.tandemmail.runtime.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SteadinessTest {
  private static final long START = 1_700_000_000_000L;
  private static final long TWO_HOURS = Duration.ofHours(2).toMillis();
  private static final long TICK = 20;

  private long monotonic = 12_345;
  private long machine = START;
  private Steadiness clock = Steadiness.start(nanos(), machine);

  @Test
  void aClockThatIsKeptRightIsFollowedExactly() {
    runFor(Duration.ofMinutes(1));
    machine += 4;
    runFor(Duration.ofSeconds(1));

    assertThat(now()).isEqualTo(machine);
  }

  @Test
  void aJumpForwardThatIsTakenBackHasMovedTimeByATenthOfItsLength() {
    machine += TWO_HOURS;
    runFor(Duration.ofSeconds(15));
    assertThat(clock.isApart()).isTrue();
    assertThat(now()).isEqualTo(START + 15_000 + 1_500);

    machine -= TWO_HOURS;
    runFor(Duration.ofSeconds(15));

    assertThat(now()).isEqualTo(machine);
    assertThat(clock.isApart()).isFalse();
  }

  @Test
  void aClockThatIsSetForwardForGoodIsBelievedAfterAWhile() {
    machine += TWO_HOURS;
    runFor(Steadiness.BELIEVED_AFTER.minusSeconds(1));
    assertThat(now()).isLessThan(machine - TWO_HOURS / 2);

    runFor(Duration.ofSeconds(2));

    assertThat(now()).isEqualTo(machine);
  }

  @Test
  void aClockThatIsSetBackIsFollowedSlowlyAndTimeNeverGoesBack() {
    machine -= TWO_HOURS;
    long before = now();
    for (int i = 0; i < 1_000; i++) {
      runFor(Duration.ofSeconds(1));
      assertThat(now()).isBetween(before + 890, before + 910);
      before = now();
    }
    assertThat(now() - machine).isEqualTo(TWO_HOURS - 100_000);
  }

  @Test
  void aLookAfterALongTimeBelievesNoMoreThanOneAfterAShortOne() {
    machine += TWO_HOURS + Duration.ofHours(1).toMillis();
    monotonic += Duration.ofHours(1).toMillis();
    clock = clock.look(nanos(), machine);

    assertThat(machine - now()).isGreaterThan(TWO_HOURS - 1_000);
  }

  private void runFor(Duration time) {
    for (long passed = 0; passed < time.toMillis(); passed += TICK) {
      monotonic += TICK;
      machine += TICK;
      clock = clock.look(nanos(), machine);
    }
  }

  private long now() {
    return clock.millis(nanos());
  }

  private long nanos() {
    return Duration.ofMillis(monotonic).toNanos();
  }
}
