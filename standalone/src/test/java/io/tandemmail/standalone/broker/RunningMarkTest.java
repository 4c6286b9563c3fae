package io.tandemmail.standalone.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunningMarkTest {
  private static final Optional<String> BOOT = Optional.of("boot-1");
  private static final Optional<String> UNKNOWN = Optional.empty();

  @TempDir Path folder;

  @Test
  void theFirstStartAndTheOneAfterAnOrderlyStopAreClean() throws IOException {
    RunningMark mark = RunningMark.in(folder, BOOT);
    assertThat(mark.lastStop()).isEqualTo(LastStop.CLEAN);

    mark.set();
    mark.remove();
    assertThat(mark.lastStop()).isEqualTo(LastStop.CLEAN);
  }

  @Test
  void aMarkOfTheSameBootSaysThatTheProcessWasKilled() throws IOException {
    RunningMark.in(folder, BOOT).set();

    assertThat(RunningMark.in(folder, BOOT).lastStop()).isEqualTo(LastStop.KILLED);
  }

  @Test
  void aMarkOfAnotherBootSaysThatPowerMayHaveBeenLost() throws IOException {
    RunningMark.in(folder, BOOT).set();

    assertThat(RunningMark.in(folder, Optional.of("boot-2")).lastStop())
        .isEqualTo(LastStop.POWER_LOST);
  }

  @Test
  void whereNobodyTellsTheBootEveryKillCounts() throws IOException {
    RunningMark.in(folder, UNKNOWN).set();

    assertThat(RunningMark.in(folder, UNKNOWN).lastStop()).isEqualTo(LastStop.POWER_LOST);
  }

  @Test
  void anUnfinishedReconciliationIsBegunAgainHoweverItEnded() throws IOException {
    RunningMark mark = RunningMark.in(folder, BOOT);
    mark.set();
    mark.setUnsure();

    assertThat(RunningMark.in(folder, BOOT).lastStop()).isEqualTo(LastStop.POWER_LOST);
  }
}
