package io.tandemmail.worker;

import io.tandemmail.model.wire.Topics;
import io.tandemmail.worker.lane.CommitMetadata;
import io.tandemmail.worker.lane.LedgerReader.Ledger;
import io.tandemmail.worker.lane.LedgerReader.Takeover;
import io.tandemmail.worker.lane.OffsetTracker;
import io.tandemmail.worker.lane.OwnedPartition;
import io.tandemmail.worker.lane.Positions;
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
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** The lane partitions this worker owns now. Used by the polling thread only, so nothing here is locked. */
final class Partitions {
  private final Function<List<Takeover>, Map<TopicPartition, Ledger>> readLedger;
  private final Map<TopicPartition, OwnedPartition> owned = new HashMap<>();
  private final Map<TopicPartition, OffsetTracker.Commit> committed = new HashMap<>();
  private volatile boolean takingNoMore;

  Partitions(Function<List<Takeover>, Map<TopicPartition, Ledger>> readLedger) {
    this.readLedger = readLedger;
  }

  Optional<OwnedPartition> find(TopicPartition partition) {
    return Optional.ofNullable(owned.get(partition));
  }

  Set<TopicPartition> all() {
    return Set.copyOf(owned.keySet());
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

  /** Reads the ledger of each from where its predecessor said, before anything is sent (docs/rules.md, 4). */
  private void takeOver(Consumer<byte[], byte[]> consumer, Collection<TopicPartition> assigned) {
    Map<TopicPartition, OffsetAndMetadata> found = consumer.committed(Set.copyOf(assigned));
    List<TopicPartition> never = new ArrayList<>();
    List<Takeover> takeovers = new ArrayList<>();
    for (TopicPartition partition : assigned) {
      OffsetAndMetadata position = found.get(partition);
      if (position == null) {
        never.add(partition);
      } else {
        consumer.seek(partition, position.offset());
        CommitMetadata left = CommitMetadata.read(position.metadata());
        takeovers.add(new Takeover(partition, position.offset(), left.positions()));
      }
    }
    own(takeovers);
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
    own(takeovers);
  }

  private void own(List<Takeover> takeovers) {
    Map<TopicPartition, Ledger> ledgers = readLedger.apply(takeovers);
    for (Takeover takeover : takeovers) {
      Ledger known = Objects.requireNonNull(ledgers.get(takeover.lane()));
      owned.put(
          takeover.lane(), new OwnedPartition(takeover.lane(), known.tracker(takeover), known));
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

  /** Markers of the router's transactions take offsets too; without this an idle lane would show a lag for ever. */
  void notePositions(Consumer<byte[], byte[]> consumer) {
    owned.forEach((partition, state) -> state.offsets().positionIs(consumer.position(partition)));
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

  void commitSync(Consumer<byte[], byte[]> consumer, List<OwnedPartition> partitions) {
    Map<TopicPartition, OffsetAndMetadata> offsets = changed(partitions);
    if (!offsets.isEmpty()) {
      consumer.commitSync(offsets, Duration.ofSeconds(5));
    }
  }

  private Map<TopicPartition, OffsetAndMetadata> changed(Collection<OwnedPartition> partitions) {
    Map<TopicPartition, OffsetAndMetadata> changed = new HashMap<>();
    for (OwnedPartition state : partitions) {
      OffsetTracker.Commit commit = state.offsets().commit();
      OffsetTracker.Commit before = committed.put(state.partition(), commit);
      if (before == null || before.offset() != commit.offset()) {
        String metadata = new CommitMetadata(commit.positions()).write();
        changed.put(state.partition(), new OffsetAndMetadata(commit.offset(), metadata));
      }
    }
    return changed;
  }
}
