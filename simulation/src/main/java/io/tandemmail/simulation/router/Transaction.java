package io.tandemmail.simulation.router;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** What a task did since its last commit: changes of its state that can be taken back, and records not yet there. */
final class Transaction {
  private final Deque<Runnable> undo = new ArrayDeque<>();
  private final List<Runnable> appends = new ArrayList<>();
  private final List<Runnable> takenOut = new ArrayList<>();
  private boolean begun;

  void changed(Runnable back) {
    begun = true;
    undo.push(back);
  }

  /** Happens at the commit. */
  void append(Runnable append) {
    begun = true;
    appends.add(append);
  }

  /** Happens at the commit, when everything is where it goes. */
  void takenOut(Runnable gone) {
    takenOut.add(gone);
  }

  boolean begun() {
    return begun;
  }

  void commit() {
    appends.forEach(Runnable::run);
    takenOut.forEach(Runnable::run);
    clear();
  }

  void abort() {
    undo.forEach(Runnable::run);
    clear();
  }

  private void clear() {
    undo.clear();
    appends.clear();
    takenOut.clear();
    begun = false;
  }
}
