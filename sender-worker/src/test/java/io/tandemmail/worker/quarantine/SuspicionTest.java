package io.tandemmail.worker.quarantine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SuspicionTest {
  private static final long END = 5_000;

  @Test
  void afterOneDeathWhatMayHaveBeenInHandIsSuspectAndNothingThatCameLater() {
    assertThat(Suspicion.NONE.ownerDied(100, END)).isEqualTo(new Suspicion(1, 900, 100));
    assertThat(Suspicion.NONE.ownerDied(100, 103)).isEqualTo(new Suspicion(1, 103, 100));
    assertThat(Suspicion.NONE.ownerDied(100, 100)).isEqualTo(Suspicion.NONE);
  }

  @Test
  void eachDeathLeavesThoseInHandAndTheThirdNamesTheLastOne() {
    Suspicion once = Suspicion.NONE.ownerDied(100, END);
    Suspicion twice = once.sent(132).ownerDied(110, END);
    assertThat(twice).isEqualTo(new Suspicion(2, 132, 110));
    assertThat(twice.together()).isEqualTo(1);

    Suspicion thrice = twice.sent(118).ownerDied(117, END);
    assertThat(thrice.accuses(117)).isTrue();
    assertThat(thrice.accuses(118)).isFalse();
    assertThat(thrice.isAbout(118)).as("its neighbours are acquitted").isFalse();
    assertThat(thrice.ownerDied(117, END)).as("until it is given back").isEqualTo(thrice);
  }

  @Test
  void whoHadNoneInHandMakesNobodyMoreSuspect() {
    Suspicion twice = new Suspicion(2, 132, 0);

    assertThat(twice.ownerDied(110, END)).isEqualTo(new Suspicion(2, 132, 110));
    assertThat(twice.sent(112).ownerDied(112, END)).isEqualTo(new Suspicion(2, 132, 112));
  }

  @Test
  void whenAllAreFinishedTheNextDeathIsAFirstOne() {
    assertThat(new Suspicion(2, 132, 132).ownerDied(132, 140))
        .isEqualTo(new Suspicion(1, 140, 132));
    assertThat(new Suspicion(2, 132, 132).ownerLeft(132)).isEqualTo(Suspicion.NONE);
  }

  @Test
  void whoLetsGoHasNotDied() {
    assertThat(new Suspicion(2, 132, 112).ownerLeft(111)).isEqualTo(new Suspicion(2, 132, 111));
  }
}
