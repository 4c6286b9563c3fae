package io.tandemmail.router.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.router.commit.CommitPace;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.MockProcessorContext.CapturedPunctuator;
import org.junit.jupiter.api.Test;

class PacedCommitTest {
  private static final long NOW = 10_000;

  private final MockProcessorContext<Void, Void> context = new MockProcessorContext<>();
  private final CommitPace pace = new CommitPace();
  private final PacedCommit commit;

  PacedCommitTest() {
    context.setCurrentSystemTimeMs(NOW);
    commit = new PacedCommit(context, pace);
  }

  @Test
  void afterAPauseTheFirstRecordIsCommittedAtOnce() {
    commit.soon();

    assertThat(context.committed()).isTrue();
    assertThat(alarms()).as("an idle router has nothing to wake up for").isEmpty();
  }

  @Test
  void whatComesSoonAfterACommitIsCommittedTogetherWhenTheNextIsDue() {
    pace.committed(NOW - 10, 100);

    commit.soon();
    commit.soon();

    assertThat(context.committed()).isFalse();
    assertThat(alarms())
        .singleElement()
        .returns(Duration.ofMillis(290), CapturedPunctuator::getInterval);

    alarms().getFirst().getPunctuator().punctuate(NOW + 290);

    assertThat(context.committed()).isTrue();
    assertThat(alarms()).isEmpty();
  }

  @Test
  void whatHasWaitedIsCommittedOutOfTurnAndItsLikeBehindItInTurn() {
    pace.committed(NOW - 10, 100);

    commit.hurry();
    commit.soon();
    assertThat(context.committed()).isTrue();
    assertThat(alarms()).as("nothing is left for later").isEmpty();
    context.resetCommit();
    pace.committed(NOW, 100);
    commit.hurry();
    commit.soon();

    assertThat(context.committed()).isFalse();
    assertThat(alarms()).hasSize(1);
  }

  private List<CapturedPunctuator> alarms() {
    return context.scheduledPunctuators().stream().filter(each -> !each.cancelled()).toList();
  }
}
