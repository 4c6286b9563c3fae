package io.tandemmail.simulation.router;

import io.tandemmail.simulation.world.World;
import org.jspecify.annotations.Nullable;

/** A Streams task: works on one node at a time, commits now and then, loses what it did not commit when it moves. */
abstract class TaskShell {
  final World world;
  private final Transaction transaction = new Transaction();
  private @Nullable RouterNode node;
  private int generation;
  private boolean commitPlanned;

  TaskShell(World world) {
    this.world = world;
  }

  /** Reads what is stored, on a new node. */
  abstract void takenOver();

  /** One round. */
  abstract void work(RouterNode on, Transaction open);

  final Transaction transaction() {
    return transaction;
  }

  final boolean isOn(RouterNode other) {
    return node == other;
  }

  final boolean isNowhere() {
    return node == null;
  }

  /** Its node is gone: the open transaction is aborted, and a node that was only slow is fenced (exactly_once_v2). */
  final void leave() {
    transaction.abort();
    generation++;
    node = null;
    commitPlanned = false;
  }

  final void moveTo(RouterNode next) {
    node = next;
    takenOver();
    round(next, generation);
  }

  private void round(RouterNode on, int as) {
    if (as != generation) {
      return;
    }
    world.agenda().after(on.actor(), world.chance().between(10, 80), () -> round(on, as));
    work(on, transaction);
    if (transaction.begun() && !commitPlanned) {
      commitPlanned = true;
      world.agenda().after(on.actor(), world.chance().between(5, 100), () -> commit(as));
    }
  }

  private void commit(int as) {
    if (as == generation) {
      commitPlanned = false;
      transaction.commit();
    }
  }
}
