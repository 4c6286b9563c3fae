package io.tandemmail.console;

import io.tandemmail.runtime.lanes.LaneLagReader;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the status again and again. A reading that fails, for whatever reason, leaves the last one standing and the next one
 * due: a timer that ended would show the state of an hour ago as today's.
 */
public final class StatusFeed implements AutoCloseable {
  static final Duration EVERY = Duration.ofSeconds(2);

  private static final Logger LOG = LoggerFactory.getLogger(StatusFeed.class);

  private final Supplier<ClusterStatus> reader;
  private final StatusMeters meters;
  private final List<Consumer<ClusterStatus>> listeners = new CopyOnWriteArrayList<>();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("status").factory());
  private volatile @Nullable ClusterStatus latest;

  StatusFeed(Supplier<ClusterStatus> reader, StatusMeters meters) {
    this.reader = reader;
    this.meters = meters;
  }

  /** At a fixed rate: the time a reading takes does not make the next one later. */
  void start() {
    start(EVERY);
  }

  void start(Duration every) {
    timer.scheduleAtFixedRate(this::refresh, 0, every.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** The last reading; empty before the first. */
  public Optional<ClusterStatus> latest() {
    return Optional.ofNullable(latest);
  }

  /** Told of each reading, on the feed's thread; must not block. */
  public void onReading(Consumer<ClusterStatus> listener) {
    listeners.add(listener);
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }

  void refresh() {
    try {
      ClusterStatus status = reader.get();
      latest = status;
      meters.show(status);
      listeners.forEach(listener -> listener.accept(status));
    } catch (LaneLagReader.Unavailable e) {
      meters.failed();
    } catch (RuntimeException | LinkageError defect) {
      meters.failed();
      LOG.error("the status could not be read; trying again in {} s", EVERY.toSeconds(), defect);
    }
  }
}
