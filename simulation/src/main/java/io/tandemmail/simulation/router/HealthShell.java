package io.tandemmail.simulation.router;

import io.tandemmail.model.server.ServerHealth;
import io.tandemmail.model.server.ServerJson;
import io.tandemmail.model.wire.Headers;
import io.tandemmail.model.wire.Topics;
import io.tandemmail.router.health.HealthMachine;
import io.tandemmail.router.health.ServerTrack;
import io.tandemmail.router.health.ServerTrackCodec;
import io.tandemmail.simulation.world.LogRecord;
import io.tandemmail.simulation.world.World;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.TopicPartition;

/** The one task that folds observations and orders into health. What it does not store is lost when it moves. */
final class HealthShell extends TaskShell {
  private static final TopicPartition HEALTH = new TopicPartition(Topics.SERVER_HEALTH, 0);

  private final HealthMachine machine;
  private final Map<String, ServerTrack> tracks = new LinkedHashMap<>();
  private final Map<String, byte[]> stored = new LinkedHashMap<>();
  private int observations;
  private int commands;

  HealthShell(World world) {
    super(world);
    machine = new HealthMachine(world.settings().health());
  }

  @Override
  void takenOver() {
    tracks.clear();
    stored.forEach(
        (server, track) -> tracks.put(server, ServerTrackCodec.read(track).orElseThrow()));
  }

  @Override
  void work(RouterNode node, Transaction transaction) {
    Instant now = world.agenda().wall(node.actor());
    List<LogRecord> seen = world.broker().log(Topics.SERVER_OBSERVATIONS, 0);
    int before = observations;
    int commandsBefore = commands;
    while (observations < seen.size()) {
      ServerJson.readObservation((byte[]) seen.get(observations++).value())
          .ifPresent(it -> advance(it.server(), track -> machine.observe(track, it, now)));
    }
    List<LogRecord> orders = world.broker().log(Topics.SERVER_COMMANDS, 0);
    while (commands < orders.size()) {
      ServerJson.readCommand((byte[]) orders.get(commands++).value())
          .ifPresent(it -> advance(it.server(), track -> machine.command(track, it, now)));
    }
    if (observations > before || commands > commandsBefore) {
      transaction.changed(() -> {
        observations = before;
        commands = commandsBefore;
      });
    }
    List.copyOf(tracks.keySet())
        .forEach(server -> advance(server, track -> machine.tick(track, now)));
  }

  private void advance(String server, UnaryOperator<ServerTrack> step) {
    ServerTrack before = tracks.getOrDefault(server, ServerTrack.fresh(server));
    ServerTrack after = step.apply(before);
    tracks.put(server, after);
    ServerHealth health = after.health();
    if (after.flaps() == before.flaps() && health.equals(before.health())) {
      return;
    }
    byte[] old = stored.put(server, ServerTrackCodec.write(after));
    transaction()
        .changed(() -> {
          if (old == null) {
            stored.remove(server);
          } else {
            stored.put(server, old);
          }
        });
    if (!health.equals(before.health())) {
      LogRecord record = new LogRecord(server, Headers.NONE, ServerJson.write(health));
      transaction().append(() -> world.broker().append(HEALTH, record));
    }
  }
}
