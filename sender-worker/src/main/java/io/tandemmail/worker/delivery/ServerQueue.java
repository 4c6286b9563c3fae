package io.tandemmail.worker.delivery;

import io.github.bucket4j.Bucket;
import io.tandemmail.model.settings.ServerSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What waits for one server in this worker, and this worker's part of the server's caps (I5). The intake bounds how much
 * waits here; connections come and go with the partitions the worker owns.
 */
public final class ServerQueue {
  private final ServerSettings server;
  private final BlockingDeque<Delivery> waiting = new LinkedBlockingDeque<>();
  private final List<ConnectionLoop> loops = new ArrayList<>();
  private final Connections connections;
  private volatile @Nullable Bucket rate;

  /** Makes the loops. */
  interface Connections {
    ConnectionLoop open(ServerQueue queue);
  }

  ServerQueue(ServerSettings server, Connections connections) {
    this.server = server;
    this.connections = connections;
  }

  ServerSettings server() {
    return server;
  }

  void add(Delivery delivery) {
    waiting.add(delivery);
  }

  /** Not tried: the next one to be taken. */
  void putBack(Delivery delivery) {
    waiting.addFirst(delivery);
  }

  Optional<Delivery> nextNow() {
    return Optional.ofNullable(waiting.pollFirst());
  }

  Optional<Delivery> next(Duration within) throws InterruptedException {
    return Optional.ofNullable(waiting.poll(within.toMillis(), TimeUnit.MILLISECONDS));
  }

  /** Blocks until this worker may start another transaction with the server. */
  void awaitRate() throws InterruptedException {
    Bucket limit = rate;
    if (limit != null) {
      limit.asBlocking().consume(1);
    }
  }

  /** Takes the right to start another transaction if it is there without waiting. */
  boolean rateAllowsNow() {
    Bucket limit = rate;
    return limit == null || limit.tryConsume(1);
  }

  /**
   * Sets this worker's part: it owns {@code owned} of the {@code total} lane partitions that lead to the server.
   *
   * @param connectionCount exact split of the cap over partitions; never below one while a partition is owned
   */
  synchronized void allow(int connectionCount, int owned, int total) {
    rate =
        server.limits().maxRatePerSecond().isPresent() && owned > 0
            ? bucket(server.limits().maxRatePerSecond().getAsDouble() * owned / total)
            : null;
    while (loops.size() > connectionCount) {
      loops.removeLast().stop();
    }
    while (loops.size() < connectionCount) {
      ConnectionLoop loop = connections.open(this);
      loops.add(loop);
      loop.start();
    }
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

  /** Holds a 25th of a second's worth, so that no second sees much more than its rate; fills evenly and exactly. */
  private static Bucket bucket(double perSecond) {
    long tokens = Math.max(1, (long) (perSecond / 25));
    Duration fill = Duration.ofNanos(Math.round(tokens * 1e9 / perSecond));
    return Bucket.builder()
        .addLimit(limit -> limit.capacity(tokens).refillGreedy(tokens, fill))
        .build();
  }
}
