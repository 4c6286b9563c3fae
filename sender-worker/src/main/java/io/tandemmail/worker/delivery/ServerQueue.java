package io.tandemmail.worker.delivery;

import io.github.bucket4j.TimeMeter;
import io.tandemmail.model.settings.Priority;
import io.tandemmail.smtp.ServerEndpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What waits for one server in this worker, and this worker's part of the server's caps (I5). The intake bounds how much
 * waits here; connections come and go with the partitions the worker owns.
 */
public final class ServerQueue {
  private static final Duration RATE_WAIT = Duration.ofMillis(100);

  /** Messages per second of who owns nothing: what it is about to send must not go out unlimited. */
  private static final double NEXT_TO_NOTHING = 1e-6;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final PriorityLine<Delivery> waiting = new PriorityLine<>();
  private final List<ConnectionLoop> loops = new ArrayList<>();
  private final List<ConnectionLoop> leaving = new ArrayList<>();
  private final Function<Delivery, Priority> priority;
  private final Connections connections;
  private Optional<Runnable> errand = Optional.empty();
  private volatile ServerEndpoint endpoint;
  private final RateShare rate = new RateShare(TimeMeter.SYSTEM_NANOTIME);

  /** Makes the loops. */
  interface Connections {
    ConnectionLoop open(ServerQueue queue);
  }

  ServerQueue(
      ServerEndpoint endpoint, Function<Delivery, Priority> priority, Connections connections) {
    this.endpoint = endpoint;
    this.priority = priority;
    this.connections = connections;
  }

  /** The server and how to talk to it, as configured now; its id never changes. */
  ServerEndpoint endpoint() {
    return endpoint;
  }

  String server() {
    return endpoint.server().id();
  }

  /** From now on; {@link #allow} makes its caps count. */
  void configure(ServerEndpoint next) {
    endpoint = next;
  }

  void add(Delivery delivery) {
    lock.lock();
    try {
      waiting.addLast(priority.apply(delivery), delivery);
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Not tried: the next one to be taken. */
  void putBack(Delivery delivery) {
    lock.lock();
    try {
      waiting.addFirst(priority.apply(delivery), delivery);
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  Optional<Delivery> nextNow() {
    lock.lock();
    try {
      return waiting.next();
    } finally {
      lock.unlock();
    }
  }

  /** Takes out all that look like this, in their order. */
  List<Delivery> takeWhere(Predicate<Delivery> looks) {
    lock.lock();
    try {
      return waiting.takeWhere(looks);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for the next one.
   *
   * @param leaving whether who asks is to go and takes nothing more; told by {@link #wake}
   * @return empty after the time, when there is an errand, or at once for who is leaving
   */
  Optional<Delivery> next(Duration within, BooleanSupplier leaving) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long nanos = within.toNanos();
      while (waiting.isEmpty() && errand.isEmpty() && !leaving.getAsBoolean() && nanos > 0) {
        nanos = changed.awaitNanos(nanos);
      }
      if (leaving.getAsBoolean()) {
        // It may have been woken for what another can take.
        changed.signal();
        return Optional.empty();
      }
      return waiting.next();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Something short that needs a connection to the server: whoever has nothing to do does it, in the place of its own.
   *
   * @return false when there is nobody
   */
  synchronized boolean offer(Runnable next) {
    if (loops.isEmpty()) {
      return false;
    }
    lock.lock();
    try {
      errand = Optional.of(next);
      changed.signal();
    } finally {
      lock.unlock();
    }
    return true;
  }

  Optional<Runnable> errand() {
    lock.lock();
    try {
      Optional<Runnable> taken = errand;
      errand = Optional.empty();
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /** Whoever waits looks again whether it is leaving. */
  void wake() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Blocks until this worker may start another transaction with the server; false for who is leaving. */
  boolean awaitRate(BooleanSupplier leaving) throws InterruptedException {
    while (!leaving.getAsBoolean()) {
      if (rate.await(RATE_WAIT)) {
        return true;
      }
      TimeUnit.MILLISECONDS.sleep(RATE_WAIT.toMillis());
    }
    return false;
  }

  /** Takes the right to start another transaction if it is there without waiting. */
  boolean rateAllowsNow() {
    return rate.tryNow();
  }

  /**
   * Sets this worker's part: it owns {@code owned} of the {@code total} lane partitions that lead to the server. What is
   * too much closes at once where it is idle, else after its transaction: the new owner of a partition opens its own.
   *
   * @param connectionCount exact split of the cap over partitions; never below one while a partition is owned
   */
  synchronized void allow(int connectionCount, int owned, int total) {
    OptionalDouble cap = endpoint.server().limits().maxRatePerSecond();
    if (cap.isPresent()) {
      rate.set(Math.max(NEXT_TO_NOTHING, cap.getAsDouble() * owned / total));
    } else {
      rate.unlimited();
    }
    while (loops.size() > connectionCount) {
      ConnectionLoop dispensable = dispensable();
      dispensable.stop();
      leaving.add(dispensable);
    }
    while (loops.size() < connectionCount) {
      ConnectionLoop loop = connections.open(this);
      loops.add(loop);
      loop.start();
    }
  }

  /** Takes one out: rather one whose connection is idle, and closes at once, than one that has a transaction to end. */
  private ConnectionLoop dispensable() {
    for (int i = loops.size() - 1; i >= 0; i--) {
      if (loops.get(i).isIdle()) {
        return loops.remove(i);
      }
    }
    return loops.removeLast();
  }

  /** Those that {@link #allow} stopped and that have not ended when last asked. */
  synchronized List<ConnectionLoop> leaving() {
    leaving.removeIf(ConnectionLoop::hasEnded);
    return List.copyOf(leaving);
  }

  /** No connection waits any longer for the server to greet it. */
  synchronized void cutOpenings() {
    loops.forEach(ConnectionLoop::cutOpening);
  }

  synchronized void stop() {
    loops.forEach(ConnectionLoop::stop);
  }

  synchronized void abort() {
    loops.forEach(ConnectionLoop::abort);
  }

  synchronized List<ConnectionLoop> loops() {
    return List.copyOf(loops);
  }
}
