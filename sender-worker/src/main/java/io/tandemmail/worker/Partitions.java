package io.tandemmail.worker;

import io.tandemmail.worker.lane.LedgerReader;
import io.tandemmail.worker.lane.LedgerReader.Takeover;
import io.tandemmail.worker.lane.OffsetTracker;
import io.tandemmail.worker.lane.OwnedPartition;
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
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** The lane partitions this worker owns now. Used by the polling thread only, so nothing here is locked. */
final class Partitions {
  private final LedgerReader ledger;
  private final Map<TopicPartition, OwnedPartition> owned = new HashMap<>();
  private final Map<TopicPartition, OffsetTracker.Commit> committed = new HashMap<>();
  private volatile boolean takingNoMore;

  Partitions(LedgerReader ledger) {
    this.ledger = ledger;
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
   */
  void takeOverAssigned(Consumer<byte[], byte[]> consumer) {
    Set<TopicPartition> missing = new HashSet<>(consumer.assignment());
    missing.removeAll(owned.keySet());
    if (missing.isEmpty()) {
      return;
    }
    consumer.pause(missing);
    takeOver(consumer, missing);
    consumer.resume(missing);
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
        long ledgerPosition = OffsetTracker.Commit.ledgerPosition(position.metadata());
        takeovers.add(new Takeover(partition, position.offset(), ledgerPosition));
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
          takeovers.add(new Takeover(partition, beginning, 0));
        });
    own(takeovers);
  }

  private void own(List<Takeover> takeovers) {
    Map<TopicPartition, LedgerReader.Ledger> ledgers = ledger.read(takeovers);
    for (Takeover takeover : takeovers) {
      LedgerReader.Ledger known = Objects.requireNonNull(ledgers.get(takeover.lane()));
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

  void commitAsync(Consumer<byte[], byte[]> consumer) {
    Map<TopicPartition, OffsetAndMetadata> changed = changed(owned.values());
    if (!changed.isEmpty()) {
      consumer.commitAsync(
          changed,
          (offsets, failure) -> {
            if (failure != null) {
              offsets.keySet().forEach(committed::remove);
            }
          });
    }
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
        changed.put(state.partition(), new OffsetAndMetadata(commit.offset(), commit.metadata()));
      }
    }
    return changed;
  }
}
