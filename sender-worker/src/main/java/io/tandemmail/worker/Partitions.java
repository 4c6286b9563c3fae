package io.tandemmail.worker;

import io.tandemmail.model.wire.Topics;
import io.tandemmail.worker.lane.CommitMetadata;
import io.tandemmail.worker.lane.CommitMetadata.Owner;
import io.tandemmail.worker.lane.LedgerReader.Ledger;
import io.tandemmail.worker.lane.LedgerReader.Takeover;
import io.tandemmail.worker.lane.LeftInHand;
import io.tandemmail.worker.lane.OffsetTracker;
import io.tandemmail.worker.lane.OwnedPartition;
import io.tandemmail.worker.lane.Positions;
import io.tandemmail.worker.quarantine.Suspicion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lane partitions this worker owns now. Used by the polling thread only but for {@link #owns}, so nothing
 * here is locked.
 */
final class Partitions {
  private static final Logger LOG = LoggerFactory.getLogger(Partitions.class);
  private static final Duration ASK_AT_START = Duration.ofSeconds(10);
  private static final Duration ASK_AT_MOST = Duration.ofMillis(500);
  private static final Duration REBALANCE_STEP = Duration.ofMillis(50);
  private static final Duration COMMIT_WAIT = Duration.ofSeconds(5);

  private final Function<List<Takeover>, Map<TopicPartition, Ledger>> readLedger;
  private final ToIntFunction<String> mostInHand;
  private final Map<TopicPartition, OwnedPartition> owned = new HashMap<>();
  private final Map<TopicPartition, OffsetTracker.Commit> committed = new HashMap<>();
  private final Map<TopicPartition, Long> ends = new HashMap<>();
  private volatile Set<TopicPartition> seenFromOutside = Set.of();
  private volatile boolean takingNoMore;

  /**
   * @param mostInHand by server: of how many records of its lane an owner that dies may leave no word
   */
  Partitions(
      Function<List<Takeover>, Map<TopicPartition, Ledger>> readLedger,
      ToIntFunction<String> mostInHand) {
    this.readLedger = readLedger;
    this.mostInHand = mostInHand;
  }

  Optional<OwnedPartition> find(TopicPartition partition) {
    return Optional.ofNullable(owned.get(partition));
  }

  Set<TopicPartition> all() {
    return Set.copyOf(owned.keySet());
  }

  /** For other threads than the polling one. */
  boolean owns(TopicPartition partition) {
    return seenFromOutside.contains(partition);
  }

  List<OwnedPartition> owned() {
    return List.copyOf(owned.values());
  }

  /**
   * Takes over whatever is assigned and not yet owned. Until that has succeeded a partition is paused: what is not owned
   * must not be read past, or its mail would wait for the next owner. A broker that is away now is asked again later.
   *
   * @return whether there was anything
   */
  boolean takeOverAssigned(Consumer<byte[], byte[]> consumer) {
    Set<TopicPartition> missing = new HashSet<>(consumer.assignment());
    missing.removeAll(owned.keySet());
    if (missing.isEmpty()) {
      return false;
    }
    consumer.pause(missing);
    takeOver(consumer, missing);
    consumer.resume(missing);
    return true;
  }

  /** What the last owner leaves beside the offset. */
  private record Inheritance(Suspicion suspicion, LeftInHand leftInHand) {
    static Inheritance nothing() {
      return new Inheritance(Suspicion.NONE, LeftInHand.nothing());
    }
  }

  /** Reads the ledger of each from where its predecessor said, before anything is sent (docs/rules.md, 4). */
  private void takeOver(Consumer<byte[], byte[]> consumer, Collection<TopicPartition> assigned) {
    Map<TopicPartition, OffsetAndMetadata> found = consumer.committed(Set.copyOf(assigned));
    Set<TopicPartition> never = new HashSet<>(assigned);
    never.removeIf(partition -> found.get(partition) != null);
    List<TopicPartition> left = assigned.stream().filter(it -> !never.contains(it)).toList();
    Map<TopicPartition, Long> ends = left.isEmpty() ? Map.of() : consumer.endOffsets(left);
    List<Takeover> takeovers = new ArrayList<>();
    Map<TopicPartition, Inheritance> inheritances = new HashMap<>();
    for (TopicPartition partition : left) {
      OffsetAndMetadata position = Objects.requireNonNull(found.get(partition));
      CommitMetadata metadata = CommitMetadata.read(position.metadata());
      long low = position.offset();
      consumer.seek(partition, low);
      takeovers.add(new Takeover(partition, low, metadata.positions()));
      long end = ends.getOrDefault(partition, low);
      inheritances.put(
          partition,
          new Inheritance(
              metadata.inherited(low, end), metadata.leftInHand(end, mostInHand(partition))));
    }
    own(consumer, takeovers, inheritances);
    takeOverFromBeginning(consumer, never);
  }

  /** For a partition nobody ever committed in, or whose position is gone. */
  void takeOverFromBeginning(
      Consumer<byte[], byte[]> consumer, Collection<TopicPartition> partitions) {
    List<Takeover> takeovers = new ArrayList<>();
    consumer
        .beginningOffsets(partitions)
        .forEach((partition, beginning) -> {
          consumer.seek(partition, beginning);
          takeovers.add(new Takeover(partition, beginning, Positions.BEGINNING));
        });
    own(consumer, takeovers, Map.of());
  }

  /** Says in a commit that it is the owner, before it sends anything: should it die, the next one knows (docs/rules.md, 15). */
  private void own(
      Consumer<byte[], byte[]> consumer,
      List<Takeover> takeovers,
      Map<TopicPartition, Inheritance> inheritances) {
    Map<TopicPartition, Ledger> ledgers = readLedger.apply(takeovers);
    List<OwnedPartition> taken = new ArrayList<>();
    Map<TopicPartition, OffsetAndMetadata> marks = new HashMap<>();
    for (Takeover takeover : takeovers) {
      Ledger known = Objects.requireNonNull(ledgers.get(takeover.lane()));
      Inheritance inherited = inheritances.getOrDefault(takeover.lane(), Inheritance.nothing());
      OwnedPartition state =
          new OwnedPartition(
              takeover.lane(), known.tracker(takeover), known, inherited.leftInHand());
      state.suspect(inherited.suspicion());
      if (state.suspicion().deaths() > 0) {
        LOG.warn(
            "the last {} owners of {} died; what is unfinished below {} is sent {} at a time",
            state.suspicion().deaths(),
            takeover.lane(),
            state.suspicion().until(),
            state.suspicion().together());
      }
      taken.add(state);
      marks.put(takeover.lane(), mark(state, state.suspicion(), Owner.AT_WORK));
    }
    if (!marks.isEmpty()) {
      consumer.commitSync(marks, COMMIT_WAIT);
    }
    taken.forEach(state -> owned.put(state.partition(), state));
    seenFromOutside = all();
  }

  /** Says in a commit which suspects are about to be sent. */
  void name(Consumer<byte[], byte[]> consumer, OwnedPartition state, Suspicion next) {
    consumer.commitSync(Map.of(state.partition(), mark(state, next, Owner.AT_WORK)), COMMIT_WAIT);
    state.suspect(next);
  }

  private int mostInHand(TopicPartition lane) {
    return mostInHand.applyAsInt(Topics.parseLane(lane.topic()).server());
  }

  private OffsetAndMetadata mark(OwnedPartition state, Suspicion suspicion, Owner owner) {
    OffsetTracker.Commit commit = state.offsets().commit();
    int most = mostInHand(state.partition());
    return new OffsetAndMetadata(
        commit.offset(),
        CommitMetadata.of(state, commit.positions(), suspicion, owner, most).write());
  }

  /**
   * Lanes of the cluster in which something stands that this group has not done with. A configuration may have them no
   * longer; their mail is still somebody's. None if it cannot be known now.
   */
  Set<String> lanesWithMail(Consumer<byte[], byte[]> consumer) {
    try {
      Set<TopicPartition> all = new HashSet<>();
      consumer
          .listTopics(ASK_AT_START)
          .forEach((topic, parts) -> {
            if (Topics.isLane(topic)) {
              parts.forEach(part -> all.add(new TopicPartition(topic, part.partition())));
            }
          });
      Map<TopicPartition, OffsetAndMetadata> done = consumer.committed(all, ASK_AT_START);
      Set<String> lanes = new HashSet<>();
      consumer
          .endOffsets(all, ASK_AT_START)
          .forEach((partition, end) -> {
            OffsetAndMetadata position = done.get(partition);
            if (end > (position == null ? 0 : position.offset())) {
              lanes.add(partition.topic());
            }
          });
      return lanes;
    } catch (KafkaException e) {
      LOG.warn("lanes that are no longer configured are not looked for: {}", e.getMessage());
      return Set.of();
    }
  }

  List<OwnedPartition> disown(Collection<TopicPartition> partitions) {
    List<OwnedPartition> leaving = new ArrayList<>();
    for (TopicPartition partition : partitions) {
      OwnedPartition left = owned.remove(partition);
      committed.remove(partition);
      if (left != null) {
        left.disown();
        leaving.add(left);
      }
    }
    seenFromOutside = all();
    return leaving;
  }

  /** They are not this worker's any more, and were not when it learned it. */
  void lose(Collection<TopicPartition> partitions) {
    disown(partitions).forEach(OwnedPartition::release);
  }

  /**
   * Waits until what has begun is recorded; then the partitions are released. What has not begun, or is not recorded by
   * then, stays for the next owner.
   */
  void awaitRecorded(List<OwnedPartition> leaving, Duration budget) {
    long deadlineNanos = System.nanoTime() + budget.toNanos();
    try {
      while (leaving.stream().anyMatch(partition -> partition.busy() > 0)
          && System.nanoTime() < deadlineNanos) {
        TimeUnit.MILLISECONDS.sleep(10);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    leaving.forEach(OwnedPartition::release);
  }

  void takeNoMore() {
    takingNoMore = true;
  }

  void pauseAndResume(Consumer<byte[], byte[]> consumer, int inFlightMax, long bytesMax) {
    long bytes = owned.values().stream().mapToLong(state -> state.offsets().inFlightBytes()).sum();
    boolean noRoom = takingNoMore || bytes >= bytesMax;
    boolean roomAgain = !takingNoMore && bytes <= bytesMax / 2;
    Set<TopicPartition> paused = consumer.paused();
    Set<TopicPartition> full = new HashSet<>();
    Set<TopicPartition> free = new HashSet<>();
    owned.forEach((partition, state) -> {
      int inFlight = state.offsets().inFlight();
      boolean isPaused = paused.contains(partition);
      if (!isPaused && (noRoom || inFlight >= inFlightMax)) {
        full.add(partition);
      } else if (isPaused && roomAgain && inFlight <= inFlightMax / 2) {
        free.add(partition);
      }
    });
    consumer.pause(full);
    consumer.resume(free);
  }

  /**
   * How many messages wait for each server, those under way included. What a fetch tells of the end of a partition is good
   * enough, but of one that is paused nothing is fetched: the broker is asked for its end.
   */
  Map<String, Long> backlog(Consumer<byte[], byte[]> consumer) {
    Map<String, Long> byServer = new HashMap<>();
    Set<TopicPartition> paused = new HashSet<>(consumer.paused());
    paused.retainAll(owned.keySet());
    if (!paused.isEmpty()) {
      try {
        ends.putAll(consumer.endOffsets(paused, ASK_AT_MOST));
      } catch (TimeoutException keepsTheLast) {
        LOG.debug("the ends of paused lanes are not known: {}", keepsTheLast.getMessage());
      }
    }
    ends.keySet().retainAll(paused);
    owned.forEach((partition, state) -> {
      Long end = ends.get(partition);
      long lag =
          end == null
              ? consumer.currentLag(partition).orElse(0)
              : Math.max(0, end - consumer.position(partition));
      byServer.merge(state.lane().server(), lag + state.offsets().inFlight(), Long::sum);
    });
    return byServer;
  }

  /** Markers of the router's transactions take offsets too; without this an idle lane would show a lag for ever. */
  void notePositions(Consumer<byte[], byte[]> consumer) {
    owned.forEach((partition, state) -> {
      long position = consumer.position(partition);
      state.offsets().positionIs(position);
      state.leftInHand().positionIs(position);
    });
  }

  /**
   * Asks where the returned mail ends now: what is given back from here on stands behind that, so a successor reads no more
   * of it than the last seconds, whatever else came back in that partition.
   */
  void noteReturnedEnds(Consumer<byte[], byte[]> consumer, Duration within) {
    Set<TopicPartition> returned = new HashSet<>();
    owned.keySet().forEach(lane -> returned.add(returnedOf(lane)));
    if (returned.isEmpty()) {
      return;
    }
    Map<TopicPartition, Long> ends = consumer.endOffsets(returned, within);
    owned.forEach(
        (lane, state) -> state.offsets().returnedEndWas(ends.getOrDefault(returnedOf(lane), 0L)));
  }

  private static TopicPartition returnedOf(TopicPartition lane) {
    return new TopicPartition(Topics.RETURNED, lane.partition());
  }

  /**
   * What changed since it was last committed.
   *
   * @return false when there is nothing, and no question to the group
   */
  boolean commitAsync(Consumer<byte[], byte[]> consumer, Runnable accepted) {
    Map<TopicPartition, OffsetAndMetadata> changed = changed(owned.values());
    if (changed.isEmpty()) {
      return false;
    }
    consumer.commitAsync(
        changed,
        (offsets, failure) -> {
          if (failure == null) {
            accepted.run();
          } else {
            offsets.keySet().forEach(committed::remove);
          }
        });
    return true;
  }

  /** Every partition, also what has not changed: a member's commit is accepted, another's is not. */
  boolean commitAllAsync(Consumer<byte[], byte[]> consumer, Runnable accepted) {
    committed.clear();
    return commitAsync(consumer, accepted);
  }

  /** The last commit of an owner that lets go: whoever comes next does not take over from the dead. */
  void letGo(Consumer<byte[], byte[]> consumer, List<OwnedPartition> leaving) {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    leaving.forEach(
        state -> offsets.put(state.partition(), mark(state, state.suspicion(), Owner.GONE)));
    if (!offsets.isEmpty()) {
      consumer.commitSync(offsets, COMMIT_WAIT);
    }
  }

  /**
   * The same for all, at the end. In a rolling restart the worker before is just coming back, and while the group shares out again
   * it takes no commit: then this one has its part in that first. Without its last commit its successors would take it for dead.
   */
  void letGoOfAll(Consumer<byte[], byte[]> consumer, Duration patience) {
    long deadlineNanos = System.nanoTime() + patience.toNanos();
    while (true) {
      try {
        letGo(consumer, owned());
        return;
      } catch (RebalanceInProgressException e) {
        if (System.nanoTime() - deadlineNanos > 0) {
          throw e;
        }
        consumer.poll(REBALANCE_STEP);
      }
    }
  }

  private Map<TopicPartition, OffsetAndMetadata> changed(Collection<OwnedPartition> partitions) {
    Map<TopicPartition, OffsetAndMetadata> changed = new HashMap<>();
    for (OwnedPartition state : partitions) {
      OffsetTracker.Commit commit = state.offsets().commit();
      OffsetTracker.Commit before = committed.put(state.partition(), commit);
      if (before == null || before.offset() != commit.offset()) {
        changed.put(state.partition(), mark(state, state.suspicion(), Owner.AT_WORK));
      }
    }
    return changed;
  }
}
