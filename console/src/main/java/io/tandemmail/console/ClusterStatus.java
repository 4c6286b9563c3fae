package io.tandemmail.console;

import io.tandemmail.model.disk.LogDir;
import io.tandemmail.model.server.ServerHealth;
import io.tandemmail.model.service.ServicePresence;
import io.tandemmail.runtime.lanes.LaneLag;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One look at everything.
 *
 * @param configHash of the configuration that whoever looks has; a service that shows another one lags behind
 * @param disks of the brokers
 * @param at when it was looked
 */
public record ClusterStatus(
    List<ServerHealth> servers,
    List<LaneLag> lanes,
    List<RouteStatus> routes,
    String configHash,
    List<ServicePresence> services,
    Disks disks,
    Instant at) {

  /**
   * @param logDirs by broker; without those that cannot be asked
   * @param refusal why ingest takes no new mail; empty while it does
   */
  public record Disks(List<LogDir> logDirs, Optional<String> refusal) {
    public static final Disks UNKNOWN = new Disks(List.of(), Optional.empty());

    public Disks {
      logDirs = List.copyOf(logDirs);
    }
  }

  /** Whether a service runs another configuration than whoever looks. */
  boolean lags(ServicePresence service) {
    return !service.configHash().equals(configHash);
  }

  /**
   * Conservation of a route (I3): accepted = delivered + failed + waiting + unaccounted.
   *
   * @param waiting in lanes and in the router's schedule
   * @param unaccounted the least seen over the last minute, so that mail between two counts does not count as missing
   */
  public record RouteStatus(
      String id, long accepted, long delivered, long failed, long waiting, long unaccounted) {}
}
