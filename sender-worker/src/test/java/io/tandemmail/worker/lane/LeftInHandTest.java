package io.tandemmail.worker.lane;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LeftInHandTest {
  @Test
  void itIsTheFirstUnfinishedRecordsThatTheLastOwnerMayHaveSent() {
    LeftInHand left = new LeftInHand(2, 100);
    left.taken(7);
    left.taken(9);
    left.taken(10);

    assertThat(left.contains(7)).isTrue();
    assertThat(left.contains(9)).isTrue();
    assertThat(left.contains(10)).as("more than it had in hand").isFalse();
    assertThat(left.count()).isEqualTo(2);
  }

  @Test
  void whatCameAfterItsDeathIsNotSuspected() {
    LeftInHand left = new LeftInHand(5, 8);
    left.taken(7);
    left.taken(8);

    assertThat(left.contains(8)).isFalse();
    assertThat(left.count()).isEqualTo(1);
  }

  @Test
  void aNextOwnerHearsOfThoseThatAreNotFinishedAndOfThoseNotTaken() {
    LeftInHand left = new LeftInHand(4, 100);
    left.taken(7);
    left.taken(8);
    left.finished(7);
    assertThat(left.count()).isEqualTo(3);

    left.positionIs(100);
    assertThat(left.count()).as("there are no more below the end").isEqualTo(1);
  }

  @Test
  void whatIsListedIsNotListedAgainAndIsStillAmongTheFirst() {
    LeftInHand left = new LeftInHand(1, 100);
    left.taken(7);
    left.listed(7);

    assertThat(left.contains(7)).isFalse();
    assertThat(left.count()).isEqualTo(1);
    left.finished(7);
    assertThat(left.count()).isZero();
  }

  @Test
  void whereNobodyDiedNothingIsSuspected() {
    LeftInHand left = LeftInHand.nothing();
    left.taken(7);

    assertThat(left.contains(7)).isFalse();
    assertThat(left.count()).isZero();
  }
}
