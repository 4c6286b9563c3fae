package io.tandemmail.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.model.submission.Assignment;
import io.tandemmail.model.submission.ContentType;
import io.tandemmail.model.submission.Envelope;
import io.tandemmail.model.submission.MessageFacts;
import io.tandemmail.model.submission.Role;
import io.tandemmail.model.wire.Headers;
import io.tandemmail.worker.delivery.Delivery;
import io.tandemmail.worker.lane.LedgerReader.Ledger;
import io.tandemmail.worker.lane.LedgerReader.Takeover;
import io.tandemmail.worker.lane.OwnedPartition;
import io.tandemmail.worker.lane.Positions;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongPredicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** Rule 15: workers live and die one after the other over the same lane partitions, as takeovers leave these to them. */
class SuspectsTest {
  private static final TopicPartition LANE = new TopicPartition("mail.outbound.default.a", 0);
  private static final TopicPartition OTHER = new TopicPartition("mail.outbound.default.a", 1);
  private static final int RECORDS = 300;
  private static final String ANN = "ann@example.net";

  private final Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();
  private final Map<TopicPartition, Set<Long>> finished = new HashMap<>();
  private final Set<Long> quarantined = new TreeSet<>();
  private Set<TopicPartition> lanes = Set.of(LANE);
  private boolean serverDown;
  private int handMax;

  @Test
  void whatKillsItsThirdOwnerIsGivenBackAndAllOthersAreSent() {
    int deaths = 0;
    while (deaths < 10 && live(offset -> offset == 123, Integer.MAX_VALUE)) {
      deaths++;
    }

    assertThat(deaths).isEqualTo(3);
    assertThat(quarantined).containsExactly(123L);
    assertThat(finished.get(LANE)).hasSize(RECORDS);
  }

  /** The other partition's owner died as often; none of its records did it. */
  @Test
  void aKillerInOnePartitionAccusesNobodyInAnother() {
    lanes = Set.of(LANE, OTHER);
    int deaths = 0;
    while (deaths < 10 && live(offset -> offset == 123, Integer.MAX_VALUE)) {
      deaths++;
    }

    assertThat(quarantined).containsExactly(123L);
    assertThat(finished.get(OTHER)).hasSize(RECORDS);
  }

  @Test
  void twoKillersAreFoundOneAfterTheOther() {
    int deaths = 0;
    while (deaths < 20 && live(offset -> offset == 5 || offset == 200, Integer.MAX_VALUE)) {
      deaths++;
    }

    assertThat(deaths).isLessThanOrEqualTo(6);
    assertThat(quarantined).containsExactly(5L, 200L);
    assertThat(finished.get(LANE)).hasSize(RECORDS);
  }

  /** W2: a kill from outside falls on somebody; it accuses one of a worker at most, and only from the third in a row on. */
  @Test
  void aWorkerThatIsKilledFromOutsideAccusesFewAndOnlyFromTheThirdTimeOn() {
    live(offset -> false, 20);
    live(offset -> false, 20);
    assertThat(quarantined).isEmpty();

    int kills = 2;
    while (live(offset -> false, 20)) {
      kills++;
    }
    assertThat(quarantined.size()).isLessThanOrEqualTo(kills / 3);
    assertThat(finished.get(LANE)).hasSize(RECORDS);
  }

  @Test
  void afterTwoDeathsOneIsInHandAtATimeInAllPartitionsTogether() {
    lanes = Set.of(LANE, OTHER);
    live(offset -> false, 3);
    live(offset -> false, 3);
    handMax = 0;
    live(offset -> false, 10);

    assertThat(handMax).isEqualTo(1);
  }

  @Test
  void whoWaitsForItsServerIsAccusedOfNothing() {
    live(offset -> false, 3);
    live(offset -> false, 3);
    serverDown = true;
    for (int i = 0; i < 5; i++) {
      live(offset -> false, 0);
    }

    assertThat(quarantined).isEmpty();
    serverDown = false;
    assertThat(live(offset -> false, Integer.MAX_VALUE)).isFalse();
    assertThat(finished.get(LANE)).hasSize(RECORDS);
  }

  /**
   * One owner's life.
   *
   * @param kills offsets in {@link #LANE} that kill who sends them
   * @param most it is killed from outside with the one after these in hand
   * @return whether it died
   */
  private boolean live(LongPredicate kills, int most) {
    MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none");
    consumer.assign(lanes);
    lanes.forEach(lane -> {
      consumer.updateBeginningOffsets(Map.of(lane, 0L));
      consumer.updateEndOffsets(Map.of(lane, (long) RECORDS));
      finished.computeIfAbsent(lane, it -> new HashSet<>());
    });
    consumer.commitSync(committed);
    Partitions partitions = new Partitions(this::ledgers, server -> 256);
    Deque<Delivery> hand = new ArrayDeque<>();
    Suspects suspects =
        new Suspects(
            (partition, next) -> partitions.name(consumer, partition, next),
            hand::addLast,
            it -> serverDown,
            accused -> {
              quarantined.add(accused.offset());
              finish(accused);
              return true;
            });
    partitions.takeOverAssigned(consumer);
    for (OwnedPartition lane : partitions.owned()) {
      fetch(lane, suspects);
    }
    int sent = 0;
    boolean died = false;
    do {
      int before = quarantined.size();
      suspects.release(partitions.owned());
      handMax = Math.max(handMax, hand.size());
      partitions.commitAllAsync(consumer, () -> {});
      Delivery next = hand.pollFirst();
      if (next == null && quarantined.size() > before) {
        continue;
      }
      if (next == null) {
        died = serverDown;
        break;
      }
      died =
          sent++ >= most
              || (next.partition().partition().equals(LANE) && kills.test(next.offset()));
      if (!died) {
        finish(next);
      }
    } while (!died);
    committed.putAll(consumer.committed(lanes));
    return died;
  }

  private void fetch(OwnedPartition lane, Suspects suspects) {
    long from = lane.offsets().commit().offset();
    for (long offset = from; offset < RECORDS; offset++) {
      lane.offsets().taken(offset, 1);
      if (lane.ledger().finishedAt(offset).contains(ANN)) {
        lane.offsets().finished(offset);
      } else {
        suspects.take(delivery(lane, offset));
      }
    }
  }

  private void finish(Delivery delivery) {
    finished.get(delivery.partition().partition()).add(delivery.offset());
    delivery.partition().offsets().finished(delivery.offset());
  }

  private Map<TopicPartition, Ledger> ledgers(List<Takeover> takeovers) {
    return takeovers.stream()
        .collect(
            Collectors.toMap(
                Takeover::lane,
                takeover ->
                    new Ledger(
                        new ArrayList<>(finished.get(takeover.lane()))
                            .stream().collect(Collectors.toMap(it -> it, it -> Set.of(ANN))),
                        Map.of(),
                        new Positions(0, 0))));
  }

  private static Delivery delivery(OwnedPartition lane, long offset) {
    MessageFacts facts =
        new MessageFacts(
            "m" + offset,
            "default",
            new Envelope("", List.of(ANN)),
            ContentType.JSON,
            Instant.EPOCH,
            Optional.empty(),
            Optional.empty(),
            0,
            0,
            Optional.empty());
    Assignment assignment = new Assignment("a", Role.PRIMARY, 0);
    return new Delivery(lane, offset, facts, assignment, Headers.NONE, new byte[0]);
  }
}
