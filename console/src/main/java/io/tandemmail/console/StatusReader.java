package io.tandemmail.console;

import io.tandemmail.model.conservation.RouteCounts;
import io.tandemmail.model.conservation.RouteCountsJson;
import io.tandemmail.model.server.ServerHealth;
import io.tandemmail.model.server.ServerJson;
import io.tandemmail.model.settings.Settings;
import io.tandemmail.model.wire.Topics;
import io.tandemmail.runtime.kafka.TableReader;
import io.tandemmail.runtime.lanes.LaneLag;
import io.tandemmail.runtime.lanes.LaneLagReader;
import io.tandemmail.runtime.presence.ServiceDirectory;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Reads the status of a cluster from its topics. Used by the console and by {@code tandem status} alike. */
public final class StatusReader implements AutoCloseable {
  private final Settings settings;
  private final TableReader<ServerHealth> health;
  private final TableReader<RouteCounts> counts;
  private final ServiceDirectory services;
  private final LaneLagReader lanes;
  private final Conservation conservation = new Conservation();

  public StatusReader(Settings settings, String clientId) {
    this.settings = settings;
    health =
        TableReader.start(
            settings.kafka(), clientId + "-health", Topics.SERVER_HEALTH, ServerJson::readHealth);
    counts =
        TableReader.start(
            settings.kafka(), clientId + "-counts", Topics.ROUTE_COUNTS, RouteCountsJson::read);
    services = ServiceDirectory.start(settings.kafka(), clientId);
    lanes = new LaneLagReader(settings, clientId);
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
    List<ServerHealth> servers =
        settings.servers().keySet().stream()
            .map(id -> health.get(id).orElseGet(() -> ServerHealth.unknown(id)))
            .toList();
    List<LaneLag> lag = lanes.read();
    return new ClusterStatus(
        servers,
        lag,
        conservation.read(
            settings.routes().keySet(), counts.snapshot().values(), lag, Instant.now()),
        services.live());
  }

  @Override
  public void close() {
    lanes.close();
    services.close();
    counts.close();
    health.close();
  }
}
