package io.tandemmail.standalone.whatif;

import io.tandemmail.model.server.ServerHealth;
import io.tandemmail.model.settings.RouteSettings;
import io.tandemmail.model.wire.Topics.Lane;
import io.tandemmail.router.choice.HealthView;
import io.tandemmail.router.choice.ServerChoice;
import io.tandemmail.standalone.whatif.Traffic.Arrival;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Counts, per second and lane, where a configuration places what arrives. */
public final class Placements {
  private final Scenario scenario;
  private final Window window;
  private final Map<Lane, int[]> perSecond = new HashMap<>();
  private final SortedMap<String, Long> refused = new TreeMap<>();
  private final SortedMap<String, Long> withoutServer = new TreeMap<>();

  public Placements(Scenario scenario, Window window) {
    this.scenario = scenario;
    this.window = window;
  }

  /**
   * @param arrival within the window; in any order
   */
  public void place(Arrival arrival) {
    RouteSettings route = scenario.routes().get(arrival.route());
    if (route == null) {
      refused.merge(arrival.route(), 1L, Long::sum);
      return;
    }
    HealthView health = scenario.at(arrival.at());
    if (route.serversInOrder().stream().map(health::of).noneMatch(ServerHealth::inService)) {
      withoutServer.merge(route.id(), 1L, Long::sum);
    }
    String server = ServerChoice.choose(route, arrival.id(), health).server();
    int[] seconds =
        perSecond.computeIfAbsent(new Lane(route.id(), server), lane -> new int[window.seconds()]);
    seconds[window.secondOf(arrival.at())]++;
  }

  Scenario scenario() {
    return scenario;
  }

  Window window() {
    return window;
  }

  int of(Lane lane, int second) {
    int[] seconds = perSecond.get(lane);
    return seconds == null ? 0 : seconds[second];
  }

  /** By route: messages of routes that are not configured. */
  SortedMap<String, Long> refused() {
    return refused;
  }

  /** By route: messages that came while none of the route's servers was in service. */
  SortedMap<String, Long> withoutServer() {
    return withoutServer;
  }
}
