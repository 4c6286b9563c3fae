package io.tandemmail.standalone.whatif;

import io.tandemmail.model.server.ServerHealth;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** What the cluster believed of each server at any time. Before the first change that is known a server counts as UP. */
public final class HealthHistory {
  private static final NavigableMap<Instant, ServerHealth> NEVER_CHANGED = new TreeMap<>();

  private final Map<String, NavigableMap<Instant, ServerHealth>> byServer = new HashMap<>();

  /**
   * A change of a server's health.
   *
   * @param at when it was published, which is not {@code health.since}: a share changes within a state
   */
  public record Change(Instant at, ServerHealth health) {}

  /**
   * @param changes in the order of their topic; of two at the same time the later one counts
   * @param present the health that holds now, for servers that did not change as far back as the changes go
   */
  public static HealthHistory of(Collection<Change> changes, Collection<ServerHealth> present) {
    HealthHistory history = new HealthHistory();
    for (Change change : changes) {
      history.changesOf(change.health().server()).put(change.at(), change.health());
    }
    for (ServerHealth now : present) {
      if (!history.byServer.containsKey(now.server())) {
        history.changesOf(now.server()).put(now.since(), now);
      }
    }
    return history;
  }

  public ServerHealth of(String server, Instant at) {
    Map.Entry<Instant, ServerHealth> last =
        byServer.getOrDefault(server, NEVER_CHANGED).floorEntry(at);
    return last == null ? ServerHealth.unknown(server) : last.getValue();
  }

  /**
   * Until when a server only counts as UP because nothing is known of it: the time of its first known change where that was
   * not the first of all (epoch 1).
   */
  public Optional<Instant> unknownUntil(String server, Instant from) {
    return Optional.ofNullable(byServer.getOrDefault(server, NEVER_CHANGED).firstEntry())
        .filter(first -> first.getKey().isAfter(from) && first.getValue().epoch() > 1)
        .map(Map.Entry::getKey);
  }

  private NavigableMap<Instant, ServerHealth> changesOf(String server) {
    return byServer.computeIfAbsent(server, id -> new TreeMap<>());
  }
}
