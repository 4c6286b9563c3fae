package io.tandemmail.worker;

import io.tandemmail.worker.delivery.Delivery;
import io.tandemmail.worker.lane.OwnedPartition;
import io.tandemmail.worker.quarantine.Suspicion;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The mail of lane partitions whose owners died: sent few at a time, or one, and only after a commit has named how far. What
 * stands behind the suspects waits for them, so that nothing else can be what kills the worker meanwhile. Used by the polling
 * thread only. Mail of a partition without a suspicion passes through.
 */
final class Suspects {
  private final Naming naming;
  private final Consumer<Delivery> send;
  private final Predicate<Delivery> isHeld;
  private final Predicate<Delivery> giveBack;
  private final Map<OwnedPartition, Deque<Delivery>> waiting = new LinkedHashMap<>();

  /** Commits the name of what is about to be sent; throws when that is not certain. */
  interface Naming {
    void name(OwnedPartition partition, Suspicion next);
  }

  /**
   * @param isHeld whether it would wait for its server: nobody is accused of having waited
   * @param giveBack returns the accused one to the router; false: not now
   */
  Suspects(
      Naming naming,
      Consumer<Delivery> send,
      Predicate<Delivery> isHeld,
      Predicate<Delivery> giveBack) {
    this.naming = naming;
    this.send = send;
    this.isHeld = isHeld;
    this.giveBack = giveBack;
  }

  void take(Delivery delivery) {
    OwnedPartition partition = delivery.partition();
    if (partition.suspicion().deaths() == 0) {
      send.accept(delivery);
    } else {
      waiting.computeIfAbsent(partition, it -> new ArrayDeque<>()).addLast(delivery);
    }
  }

  /** Sends what may be sent now. To be called after each poll, with everything that is owned. */
  void release(List<OwnedPartition> owned) {
    waiting.keySet().retainAll(owned);
    for (OwnedPartition partition : owned) {
      if (partition.suspicion().deaths() > 0) {
        release(partition, owned);
      }
    }
  }

  private void release(OwnedPartition partition, List<OwnedPartition> owned) {
    Deque<Delivery> queue = waiting.computeIfAbsent(partition, it -> new ArrayDeque<>());
    Suspicion suspicion = partition.suspicion();
    if (suspicion.isOver(partition.offsets().commit().offset())) {
      partition.suspect(Suspicion.NONE);
      waiting.remove(partition);
      queue.forEach(send);
      return;
    }
    Delivery head = queue.peekFirst();
    int room = suspicion.together() - inHand(partition);
    if (head == null || room <= 0 || !suspicion.isAbout(head.offset())) {
      return;
    }
    if (suspicion.accuses(head.offset())) {
      if (giveBack.test(head)) {
        queue.removeFirst();
      }
    } else if (!isHeld.test(head) && !(suspicion.isolates() && anyAlone(owned))) {
      sendSome(queue, room, partition);
    }
  }

  private void sendSome(Deque<Delivery> queue, int most, OwnedPartition partition) {
    Suspicion suspicion = partition.suspicion();
    List<Delivery> some =
        new ArrayList<>(
            queue.stream()
                .limit(most)
                .filter(next -> suspicion.isAbout(next.offset()))
                .filter(next -> !suspicion.accuses(next.offset()))
                .toList());
    naming.name(partition, suspicion.sent(some.getLast().offset() + 1));
    for (Delivery next : some) {
      queue.removeFirst();
      send.accept(next);
    }
  }

  private boolean anyAlone(List<OwnedPartition> owned) {
    return owned.stream().anyMatch(other -> other.suspicion().isolates() && inHand(other) > 0);
  }

  /** Taken, not finished, and not waiting here. */
  private int inHand(OwnedPartition partition) {
    Deque<Delivery> queue = waiting.get(partition);
    return partition.offsets().inFlight() - (queue == null ? 0 : queue.size());
  }
}
