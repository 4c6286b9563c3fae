package io.tandemmail.router.health;

import io.tandemmail.model.server.Drift;
import io.tandemmail.model.server.ParityReport;
import io.tandemmail.model.server.ServerHealth;
import io.tandemmail.model.settings.RouteSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Folds what workers found when they compared servers into the servers' health. A report takes the place of the one before it
 * about the same server and route; what was said for a route that names the server no longer goes with it.
 */
public final class DriftFold {
  private final Map<String, RouteSettings> routes;

  public DriftFold(Map<String, RouteSettings> routes) {
    this.routes = Map.copyOf(routes);
  }

  public ServerTrack fold(ServerTrack track, ParityReport report) {
    ServerHealth health = track.health();
    List<Drift> drifts = new ArrayList<>();
    for (Drift drift : health.drift()) {
      if (!drift.route().equals(report.route()) && uses(drift.route(), health.server())) {
        drifts.add(drift);
      }
    }
    if (uses(report.route(), health.server())) {
      report.drifts().stream()
          .filter(drift -> drift.route().equals(report.route()))
          .forEach(drifts::add);
    }
    return drifts.equals(health.drift()) ? track : track.with(health.drifted(drifts));
  }

  private boolean uses(String route, String server) {
    RouteSettings settings = routes.get(route);
    return settings != null && settings.serversInOrder().contains(server);
  }
}
