package io.tandemmail.standalone.whatif;

import io.tandemmail.model.server.ServerHealth;
import io.tandemmail.model.server.ServerMode;
import io.tandemmail.model.server.ServerState;
import io.tandemmail.model.settings.Settings;
import io.tandemmail.model.settings.SettingsReader;
import io.tandemmail.model.settings.SettingsResult;
import io.tandemmail.standalone.whatif.Figures.LaneFigures;
import io.tandemmail.standalone.whatif.Figures.ServerFigures;
import io.tandemmail.standalone.whatif.Traffic.Arrival;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A made-up history that a configuration replays; seconds count from {@link #START}. */
final class MadeUp {
  static final Instant START = Instant.parse("2026-11-24T10:00:00Z");

  private final List<HealthHistory.Change> changes = new ArrayList<>();
  private final List<Arrival> arrivals = new ArrayList<>();
  private double transactionSeconds = 0.001;

  static Settings settings(String servers, String routes) {
    String yaml =
        """
        kafka: { bootstrap-servers: "b:9092" }
        servers: { %s }
        routes: { %s }
        """
            .formatted(servers, routes);
    return switch (SettingsReader.read("made-up.yaml", yaml, Map.of())) {
      case SettingsResult.Valid valid -> valid.settings();
      case SettingsResult.Invalid invalid -> throw new AssertionError(invalid.problems());
    };
  }

  static ServerHealth health(String server, ServerState state, int share, long epoch) {
    return new ServerHealth(server, state, share, epoch, START, "made up", ServerMode.AUTO);
  }

  MadeUp change(int second, String server, ServerState state, int share) {
    return changeAt(START.plusSeconds(second), server, state, share);
  }

  MadeUp changeAt(Instant at, String server, ServerState state, int share) {
    changes.add(new HealthHistory.Change(at, health(server, state, share, changes.size() + 1L)));
    return this;
  }

  /** The same number of messages in each second, from one second to before another. */
  MadeUp arrive(String route, int perSecond, int from, int to) {
    for (int second = from; second < to; second++) {
      for (int i = 0; i < perSecond; i++) {
        Instant at = START.plusSeconds(second).plusMillis(1000L * i / perSecond);
        arrivals.add(new Arrival(at, route + "-" + second + "-" + i, route));
      }
    }
    return this;
  }

  MadeUp transactionSeconds(double seconds) {
    transactionSeconds = seconds;
    return this;
  }

  HealthHistory history() {
    return HealthHistory.of(changes, List.of());
  }

  List<Arrival> arrivals() {
    return arrivals;
  }

  Figures replay(Settings settings, int seconds) {
    return replay(Scenario.running(settings, history()), seconds);
  }

  Figures replay(Scenario scenario, int seconds) {
    Placements placements = new Placements(scenario, new Window(START, seconds));
    arrivals.forEach(placements::place);
    return Replay.of(placements, server -> transactionSeconds);
  }

  static LaneFigures lane(Figures figures, String route, String server) {
    return figures.lanes().stream()
        .filter(lane -> lane.route().equals(route) && lane.server().equals(server))
        .findFirst()
        .orElseThrow();
  }

  static ServerFigures server(Figures figures, String server) {
    return figures.servers().stream()
        .filter(one -> one.server().equals(server))
        .findFirst()
        .orElseThrow();
  }
}
