package io.tandemmail.simulation.worker;

import static java.util.Objects.requireNonNull;

import io.tandemmail.model.server.ServerJson;
import io.tandemmail.model.server.ServerObservation;
import io.tandemmail.model.server.ServerObservation.Kind;
import io.tandemmail.model.wire.Headers;
import io.tandemmail.model.wire.Topics;
import io.tandemmail.simulation.mail.ModelServer;
import io.tandemmail.simulation.world.LogRecord;
import io.tandemmail.simulation.world.World;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;

/** What a worker sees of each server and says about it: a fault at once, probes, and what has gathered now and then. */
final class Watch {
  private static final long PROBE_MILLIS = 1_000;
  private static final long OUT_OF_REACH_MILLIS = 1_500;
  private static final TopicPartition SEEN = new TopicPartition(Topics.SERVER_OBSERVATIONS, 0);

  private final World world;
  private final Worker worker;
  private final Map<String, ModelServer> servers;
  private final Map<String, Integer> failedInARow = new TreeMap<>();
  private final Map<String, Long> succeededAt = new TreeMap<>();

  /** Sessions in a row that could not be had, and when the first of them was tried. */
  private final Map<String, Row> sessions = new TreeMap<>();

  private record Row(int faults, long since) {}

  Watch(World world, Worker worker, Map<String, ModelServer> servers) {
    this.world = world;
    this.worker = worker;
    this.servers = servers;
    servers
        .keySet()
        .forEach(server -> worker.after(world.chance().below(1_000), () -> probe(server)));
  }

  void failed(String server, String fault) {
    failed(server, fault, Kind.PASSIVE);
  }

  void noSession(String server, Kind kind) {
    long now = world.agenda().now();
    Row before = sessions.getOrDefault(server, new Row(0, now));
    sessions.put(server, new Row(before.faults() + 1, before.since()));
    failed(server, "no session", kind);
  }

  /** This worker does not get through, whatever the others see. */
  boolean isOutOfReach(String server) {
    Row row = sessions.get(server);
    return row != null
        && row.faults() >= world.settings().health().downAfterFailures()
        && world.agenda().now() - row.since() >= OUT_OF_REACH_MILLIS;
  }

  void succeeded(String server) {
    succeededAt.put(server, world.agenda().now());
    sessions.remove(server);
    if (failedInARow.getOrDefault(server, 0) > 0) {
      failedInARow.put(server, 0);
      say(server, Kind.PASSIVE, 1, "");
    }
  }

  private void failed(String server, String fault, Kind kind) {
    failedInARow.merge(server, 1, Integer::sum);
    say(server, kind, 0, fault);
  }

  private void probe(String server) {
    worker.after(PROBE_MILLIS, () -> probe(server));
    if (succeededAt.getOrDefault(server, -PROBE_MILLIS) + PROBE_MILLIS > world.agenda().now()) {
      // Nobody asks whom traffic proves well, but the load is told.
      say(server, Kind.PASSIVE, 1, "");
      return;
    }
    Optional<Long> refused =
        worker.reaches(server)
            ? requireNonNull(servers.get(server)).refusesAfter()
            : Optional.of(PROBE_MILLIS);
    if (refused.isPresent()) {
      worker.after(Math.min(refused.get(), PROBE_MILLIS), () -> noSession(server, Kind.PROBE));
    } else {
      failedInARow.put(server, 0);
      sessions.remove(server);
      say(server, Kind.PROBE, 1, "");
    }
  }

  private void say(String server, Kind kind, int succeeded, String fault) {
    if (worker.isCut()) {
      return;
    }
    ServerObservation seen =
        new ServerObservation(
            server,
            worker.name(),
            worker.wall(),
            kind,
            succeeded,
            1 - succeeded,
            failedInARow.getOrDefault(server, 0),
            fault);
    LogRecord record = new LogRecord(server, Headers.NONE, ServerJson.write(seen));
    world.agenda().after(world.network(), world.hop(), () -> world.broker().append(SEEN, record));
  }
}
