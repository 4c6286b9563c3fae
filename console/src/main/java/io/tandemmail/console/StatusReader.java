package io.tandemmail.console;

import io.tandemmail.model.conservation.RouteCounts;
import io.tandemmail.model.conservation.RouteCountsJson;
import io.tandemmail.model.server.ServerHealth;
import io.tandemmail.model.server.ServerJson;
import io.tandemmail.model.service.ServicePresence;
import io.tandemmail.model.settings.KafkaSettings;
import io.tandemmail.model.settings.Settings;
import io.tandemmail.model.wire.Topics;
import io.tandemmail.runtime.disk.DiskWatch;
import io.tandemmail.runtime.kafka.TableReader;
import io.tandemmail.runtime.lanes.LaneLag;
import io.tandemmail.runtime.lanes.LaneLagReader;
import io.tandemmail.runtime.presence.ServiceDirectory;
import io.tandemmail.runtime.time.SteadyClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Reads the status of a cluster from its topics. Used by the console and by {@code tandem status} alike. */
public final class StatusReader implements AutoCloseable {
  private final Supplier<Settings> settings;
  private final HealthHistory history = new HealthHistory();
  private final List<Consumer<ServerHealth>> listeners = new CopyOnWriteArrayList<>();
  private final TableReader<ServerHealth> health;
  private final TableReader<RouteCounts> counts;
  private final ServiceDirectory services;
  private final LaneLagReader lanes;
  private final DiskWatch disks;
  private final Conservation conservation = new Conservation();

  public StatusReader(Supplier<Settings> settings, String clientId) {
    this.settings = settings;
    KafkaSettings kafka = settings.get().kafka();
    health =
        TableReader.start(
            kafka,
            clientId + "-health",
            Topics.SERVER_HEALTH,
            bytes -> ServerJson.readHealth(bytes).map(history::note));
    health.onChange(this::announce);
    if (health.isCaughtUp()) {
      history.news();
    }
    counts =
        TableReader.start(kafka, clientId + "-counts", Topics.ROUTE_COUNTS, RouteCountsJson::read);
    services = ServiceDirectory.start(kafka, clientId);
    lanes = new LaneLagReader(settings, clientId);
    disks =
        DiskWatch.start(
            kafka, clientId, () -> settings.get().ingest().minFreeDiskBytes(), known -> {});
  }

  /** False when the topics could not be read in time. */
  public boolean awaitReady(Duration within) throws InterruptedException {
    return health.awaitCaughtUp(within)
        && counts.awaitCaughtUp(within)
        && services.awaitCaughtUp(within);
  }

  /**
   * @throws LaneLagReader.Unavailable when the brokers give no answer
   */
  public synchronized ClusterStatus read() {
    Settings now = settings.get();
    Instant at = SteadyClock.now();
    List<ServerHealth> servers =
        now.servers().keySet().stream()
            .map(id -> health.get(id).orElseGet(() -> ServerHealth.unknown(id)))
            .toList();
    List<LaneLag> lag = lanes.read();
    return new ClusterStatus(
        servers,
        lag,
        conservation.read(now.routes().keySet(), counts.snapshot().values(), lag, at),
        now.hash(),
        services.live(),
        new ClusterStatus.Disks(disks.known(), disks.gate().refusal()),
        at);
  }

  /** The services of a kind that are there. */
  public List<ServicePresence> live(String kind) {
    return services.live(kind);
  }

  public HealthHistory history() {
    return history;
  }

  /** Told of each change of a server's health, on the table's thread; must not block. */
  public void onHealthChange(Consumer<ServerHealth> listener) {
    listeners.add(listener);
  }

  @Override
  public void close() {
    disks.close();
    lanes.close();
    services.close();
    counts.close();
    health.close();
  }

  private void announce() {
    for (ServerHealth change : history.news()) {
      listeners.forEach(listener -> listener.accept(change));
    }
  }
}
