package io.tandemmail.standalone.whatif;

import io.tandemmail.model.server.ServerHealth;
import io.tandemmail.model.settings.RouteSettings;
import io.tandemmail.model.settings.ServerSettings;
import io.tandemmail.model.settings.Settings;
import io.tandemmail.router.choice.HealthView;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A configuration and the health its servers would have had. A server is the machine at an address: one that keeps its host
 * and port has the recorded health whatever it is called now, one whose address nobody had before is taken for UP throughout.
 */
public final class Scenario {
  private final SortedMap<String, RouteSettings> routes;
  private final SortedMap<String, ServerSettings> servers;
  private final Map<String, String> recordedAs;
  private final HealthHistory history;

  private Scenario(Settings settings, Map<String, String> recordedAs, HealthHistory history) {
    routes = settings.routes();
    servers = settings.servers();
    this.recordedAs = recordedAs;
    this.history = history;
  }

  /** The configuration under which the history was recorded. */
  public static Scenario running(Settings settings, HealthHistory history) {
    Map<String, String> same = new TreeMap<>();
    settings.servers().keySet().forEach(id -> same.put(id, id));
    return new Scenario(settings, same, history);
  }

  public static Scenario proposed(Settings settings, Settings running, HealthHistory history) {
    Map<String, String> recordedAs = new TreeMap<>();
    for (ServerSettings server : settings.servers().values()) {
      knownAs(server, running).ifPresent(id -> recordedAs.put(server.id(), id));
    }
    return new Scenario(settings, recordedAs, history);
  }

  private static Optional<String> knownAs(ServerSettings server, Settings running) {
    ServerSettings sameId = running.servers().get(server.id());
    if (sameId != null && sameAddress(server, sameId)) {
      return Optional.of(server.id());
    }
    return running.servers().values().stream()
        .filter(other -> sameAddress(server, other))
        .map(ServerSettings::id)
        .findFirst();
  }

  private static boolean sameAddress(ServerSettings one, ServerSettings other) {
    return one.host().equalsIgnoreCase(other.host()) && one.port() == other.port();
  }

  SortedMap<String, RouteSettings> routes() {
    return routes;
  }

  public SortedMap<String, ServerSettings> servers() {
    return servers;
  }

  /** Servers without a history: taken for UP throughout. */
  public List<String> newServers() {
    return servers.keySet().stream().filter(id -> !recordedAs.containsKey(id)).toList();
  }

  /** The name a server is recorded under; empty for a new one. */
  public Optional<String> recordedAs(String server) {
    return Optional.ofNullable(recordedAs.get(server));
  }

  HealthView at(Instant time) {
    return server -> health(server, time);
  }

  private ServerHealth health(String server, Instant time) {
    String recorded = recordedAs.get(server);
    if (recorded == null) {
      return ServerHealth.unknown(server);
    }
    ServerHealth then = history.of(recorded, time);
    return recorded.equals(server)
        ? then
        : new ServerHealth(
            server,
            then.state(),
            then.share(),
            then.epoch(),
            then.since(),
            then.evidence(),
            then.mode(),
            List.of(),
            Optional.empty(),
            then.slow());
  }
}
