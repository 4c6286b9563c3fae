package io.tandemmail.worker.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Rule 7: who was stopped, or is cut off, sends nothing. */
class OwnershipTest {
  private static final long SECOND = 1_000_000_000L;
  private final Ownership ownership = new Ownership(Duration.ofSeconds(4), 100 * SECOND);

  @Test
  void whoWasNeverAnsweredIsNotSure() {
    assertThat(ownership.isFresh(100 * SECOND)).isFalse();
  }

  @Test
  void itsLifeCountsFromWhenTheGroupWasAskedNotFromTheAnswer() {
    ownership.confirmed(101 * SECOND);

    assertThat(ownership.isFresh(104 * SECOND)).isTrue();
    assertThat(ownership.isFresh(105 * SECOND)).isFalse();
  }

  @Test
  void anOlderAnswerThatComesLateChangesNothing() {
    ownership.confirmed(103 * SECOND);
    ownership.confirmed(101 * SECOND);

    assertThat(ownership.isFresh(106 * SECOND)).isTrue();
  }
}
