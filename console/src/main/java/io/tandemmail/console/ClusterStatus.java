package io.tandemmail.console;

import io.tandemmail.model.server.ServerHealth;
import io.tandemmail.model.service.ServicePresence;
import io.tandemmail.runtime.lanes.LaneLag;
import java.util.List;

/** One look at everything. */
public record ClusterStatus(
    List<ServerHealth> servers,
    List<LaneLag> lanes,
    List<RouteStatus> routes,
    List<ServicePresence> services) {

  /**
   * Conservation of a route (I3): accepted = delivered + failed + waiting + unaccounted.
   *
   * @param waiting in lanes and in the router's schedule
   * @param unaccounted the least seen over the last minute, so that mail between two counts does not count as missing
   */
  public record RouteStatus(
      String id, long accepted, long delivered, long failed, long waiting, long unaccounted) {}
}
