package io.tandemmail.bench;

import io.tandemmail.model.conservation.RouteCounts;
import io.tandemmail.model.conservation.RouteCountsJson;
import io.tandemmail.model.settings.KafkaSettings;
import io.tandemmail.model.wire.Topics;
import io.tandemmail.runtime.kafka.TableReader;
import io.tandemmail.standalone.Cluster;
import io.tandemmail.standalone.TemporaryFolder;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * H4 of docs/reliability.md at size: standalone with both servers away. Memory must not depend on the backlog (docs/rules.md, 14), and
 * once a server is back the backlog must shrink while mail goes on coming.
 */
final class OutageRun {
  /** The backlog that the large one is compared with. */
  static final int SMALL = 10_000;

  private static final int WARM_UP = 20_000;
  private static final int AT_ONCE = 10_000;
  private static final long WITHIN_SECONDS = 3_600;
  private static final int COLLECTIONS = 3;

  private final int messages;
  private final int perSecond;

  /**
   * @param messages the large backlog
   * @param perSecond input while it drains
   */
  OutageRun(int messages, int perSecond) {
    this.messages = messages;
    this.perSecond = perSecond;
  }

  void print() throws IOException, InterruptedException {
    int port = PostfixTools.freePort();
    try (TemporaryFolder folder = TemporaryFolder.create("tandem-bench-");
        Cluster cluster =
            Cluster.start(TandemRun.settings(folder.path(), port, PostfixTools.freePort()));
        TableReader<RouteCounts> counts = counts(cluster.settings().get().kafka());
        Feeder producer = new Feeder(cluster.settings().get().kafka())) {
      try (CountingSink sink = CountingSink.start(port)) {
        TandemRun.feed(producer, "warm", WARM_UP);
        sink.awaitRate(WARM_UP, System.nanoTime(), WITHIN_SECONDS);
      }
      TandemRun.feed(producer, "small", SMALL);
      awaitAccepted(counts, WARM_UP + SMALL);
      double small = heapMib();
      System.out.printf("%,9d wait: %6.1f MiB of heap after a collection%n", SMALL, small);
      long startNanos = System.nanoTime();
      for (int fed = SMALL; fed < messages; fed += AT_ONCE) {
        TandemRun.feed(producer, "large-" + fed, Math.min(AT_ONCE, messages - fed));
      }
      awaitAccepted(counts, WARM_UP + messages);
      double rate = (messages - SMALL) / seconds(startNanos);
      double large = heapMib();
      System.out.printf(
          "%,9d wait: %6.1f MiB of heap after a collection, %+.1f MiB; accepted and placed at %,.0f messages/s%n",
          messages, large, large - small, rate);
      drain(producer, port);
    }
  }

  /** Until no more waits than came in within the last second: what comes in is always under way. */
  private void drain(Feeder producer, int port) throws IOException, InterruptedException {
    AtomicBoolean over = new AtomicBoolean();
    try (CountingSink sink = CountingSink.start(port)) {
      long startNanos = System.nanoTime();
      AtomicLong fed = new AtomicLong();
      Thread input = Thread.ofPlatform().start(() -> feedUntil(over, producer, startNanos, fed));
      while (sink.taken() == 0) {
        TimeUnit.MILLISECONDS.sleep(10);
      }
      double first = seconds(startNanos);
      while (sink.taken() < messages + fed.get() - perSecond) {
        if (seconds(startNanos) > WITHIN_SECONDS) {
          throw new IOException("not drained within " + WITHIN_SECONDS + " s: " + sink.taken());
        }
        TimeUnit.MILLISECONDS.sleep(50);
      }
      double whole = seconds(startNanos);
      double delivered = sink.taken() / (whole - first);
      over.set(true);
      input.join();
      System.out.printf(
          "the primary is back: first mail after %.1f s, drained after %.0f s: %,.0f messages/s delivered while %,.0f/s came in: %.1f x the input%n",
          first, whole, delivered, fed.get() / whole, delivered / (fed.get() / whole));
    }
  }

  private void feedUntil(AtomicBoolean over, Feeder producer, long startNanos, AtomicLong fed) {
    try {
      for (int second = 0; !over.get(); second++) {
        int due = (int) (perSecond * seconds(startNanos) - fed.get());
        if (due > 0) {
          TandemRun.feed(producer, "more-" + second, due);
          fed.addAndGet(due);
        }
        TimeUnit.MILLISECONDS.sleep(100);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static TableReader<RouteCounts> counts(KafkaSettings kafka) {
    return TableReader.start(kafka, "bench-counts", Topics.ROUTE_COUNTS, RouteCountsJson::read);
  }

  private static void awaitAccepted(TableReader<RouteCounts> counts, long expected)
      throws IOException, InterruptedException {
    long startNanos = System.nanoTime();
    while (counts.snapshot().values().stream().mapToLong(RouteCounts::accepted).sum() < expected) {
      if (seconds(startNanos) > WITHIN_SECONDS) {
        throw new IOException(expected + " were not accepted within " + WITHIN_SECONDS + " s");
      }
      TimeUnit.MILLISECONDS.sleep(200);
    }
  }

  /** Of this whole process: broker, router, worker. */
  private static double heapMib() throws InterruptedException {
    TimeUnit.SECONDS.sleep(2);
    for (int i = 0; i < COLLECTIONS; i++) {
      System.gc();
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / 1048576.0;
  }

  private static double seconds(long startNanos) {
    return (System.nanoTime() - startNanos) / 1e9;
  }
}
