package io.tandemmail.model.settings;

import io.tandemmail.model.safety.Demands;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The whole of {@code tandem.yaml}, validated: every reference resolves, every number is in its range.
 *
 * @param servers by id, sorted
 * @param routes by id, sorted; every server they name is in {@code servers}
 * @param hash of the canonical content, 12 hex digits: two services that show the same hash run the same configuration
 */
public record Settings(
    KafkaSettings kafka,
    IngestSettings ingest,
    HttpAddress console,
    HttpAddress router,
    WorkerSettings worker,
    SortedMap<String, ServerSettings> servers,
    SortedMap<String, RouteSettings> routes,
    HealthSettings health,
    ParitySettings parity,
    String hash) {

  public Settings {
    servers = Collections.unmodifiableSortedMap(new TreeMap<>(servers));
    routes = Collections.unmodifiableSortedMap(new TreeMap<>(routes));
  }

  /** The same settings with another Kafka to talk to; the embedded broker fills in the port it got. */
  public Settings withKafka(KafkaSettings other) {
    return new Settings(
        other, ingest, console, router, worker, servers, routes, health, parity, hash);
  }

  /** What Kafka must be able to do for these settings' promises to hold. */
  public Demands demands() {
    Duration mailLife =
        routes.values().stream()
            .map(route -> route.retry().giveUpAfter())
            .reduce(Duration.ZERO, (a, b) -> a.compareTo(b) >= 0 ? a : b);
    return new Demands(
        kafka.embedded().isPresent(),
        kafka
            .embedded()
            .filter(embedded -> embedded.flush() == KafkaSettings.Flush.SUBMITTED)
            .isPresent(),
        kafka.replicationFactor(),
        ingest.maxMessageSizeBytes(),
        mailLife);
  }

  public Map<String, ServerSettings> serversOf(RouteSettings route) {
    Map<String, ServerSettings> used = new TreeMap<>();
    route.serversInOrder().forEach(id -> used.put(id, servers.get(id)));
    return used;
  }
}
