package io.tandemmail.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandemmail.worker.lane.CommitMetadata;
import io.tandemmail.worker.lane.CommitMetadata.Owner;
import io.tandemmail.worker.lane.LedgerReader.Ledger;
import io.tandemmail.worker.lane.LedgerReader.Takeover;
import io.tandemmail.worker.lane.Positions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.junit.jupiter.api.Test;

class PartitionsTest {
  private static final int IN_HAND = 4;
  private static final TopicPartition LANE = new TopicPartition("mail.outbound.default.mx-a", 3);

  private final List<Map<TopicPartition, OffsetAndMetadata>> asked = new ArrayList<>();
  private final List<OffsetCommitCallback> open = new ArrayList<>();
  private int rebalancing;
  private final MockConsumer<byte[], byte[]> group =
      new MockConsumer<>("earliest") {
        @Override
        public synchronized void commitSync(
            Map<TopicPartition, OffsetAndMetadata> offsets, Duration timeout) {
          if (rebalancing > 0) {
            throw new RebalanceInProgressException();
          }
          super.commitSync(offsets, timeout);
        }

        @Override
        public synchronized ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
          rebalancing--;
          return super.poll(timeout);
        }

        @Override
        public synchronized void commitAsync(
            Map<TopicPartition, OffsetAndMetadata> offsets, OffsetCommitCallback callback) {
          if (callback == null) {
            super.commitAsync(offsets, null);
            return;
          }
          asked.add(offsets);
          open.add(callback);
        }
      };
  private final Partitions partitions =
      new Partitions(
          takeovers ->
              takeovers.stream()
                  .collect(
                      Collectors.toMap(Takeover::lane, lane -> Ledger.empty(new Positions(0, 0)))),
          server -> IN_HAND);
  private int confirmed;

  PartitionsTest() {
    group.assign(Set.of(LANE));
    group.updateBeginningOffsets(Map.of(LANE, 7L));
    assertThat(partitions.takeOverAssigned(group)).isTrue();
  }

  /** Rule 15: whoever dies before its first commit was an owner, too. */
  @Test
  void whoTakesOverSaysSoBeforeItSendsAnythingAndTakesItBackWhenItLetsGo() {
    assertThat(committed()).isEqualTo(Owner.AT_WORK);

    partitions.letGo(group, partitions.owned());
    assertThat(committed()).isEqualTo(Owner.GONE);
  }

  /** I2: what it may have sent is listed by the next one. */
  @Test
  void whoLetsGoWithSomethingUnderWaySaysSo() {
    partitions.letGo(group, partitions.owned());
    assertThat(metadata().inHand()).isZero();

    partitions.owned().getFirst().began();
    partitions.letGo(group, partitions.owned());
    assertThat(metadata().inHand()).isEqualTo(IN_HAND);
  }

  @Test
  void whoDiesLeavesAsMuchInHandAsItMayHaveUnrecorded() {
    partitions.lose(Set.of(LANE));
    group.updateEndOffsets(Map.of(LANE, 40L));
    assertThat(partitions.takeOverAssigned(group)).isTrue();

    assertThat(partitions.owned().getFirst().leftInHand().count()).isEqualTo(IN_HAND);
    assertThat(metadata().inHand()).as("should this one die too").isEqualTo(IN_HAND);
  }

  /** Rule 8: a restart is no death, also when the one before has not come back yet. */
  @Test
  void whoEndsWhileTheGroupSharesOutAgainHasItsPartInThatAndThenLetsGo() {
    rebalancing = 3;

    partitions.letGoOfAll(group, Duration.ofMinutes(1));

    assertThat(rebalancing).isZero();
    assertThat(committed()).isEqualTo(Owner.GONE);
  }

  @Test
  void aRebalanceThatDoesNotEndHoldsNobodyUp() {
    rebalancing = Integer.MAX_VALUE;

    assertThatThrownBy(() -> partitions.letGoOfAll(group, Duration.ZERO))
        .isInstanceOf(RebalanceInProgressException.class);
  }

  @Test
  void aSuccessorReadsTheReturnedMailFromItsEndAsOfTheLastSeconds() {
    group.updateEndOffsets(Map.of(new TopicPartition("mail.returned", 3), 41L));

    partitions.noteReturnedEnds(group, Duration.ofMillis(1));

    assertThat(partitions.owned().getFirst().offsets().commit().positions().returned())
        .isEqualTo(41);
  }

  private Owner committed() {
    return metadata().owner();
  }

  private CommitMetadata metadata() {
    return CommitMetadata.read(group.committed(Set.of(LANE)).get(LANE).metadata());
  }

  @Test
  void onlyAnAcceptedCommitConfirms() {
    commitAll();
    assertThat(confirmed).as("asked, not answered").isZero();

    answer(new RebalanceInProgressException());
    assertThat(confirmed).isZero();

    commitAll();
    answer(null);
    assertThat(confirmed).isEqualTo(1);
  }

  @Test
  void anIdleLaneHasNothingToCommitButIsAskedForAllTheSame() {
    commitAll();
    answer(null);

    assertThat(partitions.commitAsync(group, () -> confirmed++)).isFalse();
    commitAll();

    assertThat(asked).hasSize(2).last().isEqualTo(asked.getFirst());
  }

  @Test
  void whatIsOwnedIsTakenOverOnce() {
    assertThat(partitions.takeOverAssigned(group)).isFalse();
    assertThat(group.paused()).isEmpty();
  }

  private void commitAll() {
    assertThat(partitions.commitAllAsync(group, () -> confirmed++)).isTrue();
  }

  private void answer(Exception failure) {
    open.removeFirst().onComplete(asked.getLast(), failure);
  }
}
