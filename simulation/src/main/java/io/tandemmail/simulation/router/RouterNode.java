package io.tandemmail.simulation.router;

import io.tandemmail.model.server.ServerHealth;
import io.tandemmail.model.server.ServerJson;
import io.tandemmail.model.wire.Topics;
import io.tandemmail.router.choice.HealthView;
import io.tandemmail.simulation.truth.Truth;
import io.tandemmail.simulation.world.Actor;
import io.tandemmail.simulation.world.LogRecord;
import io.tandemmail.simulation.world.World;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A process with a copy of the health of servers, some way behind the topic: a router, or the part of a worker that reads. */
public final class RouterNode implements HealthView {
  private final World world;
  private final Actor actor;
  private final Map<String, ServerHealth> known = new HashMap<>();
  private int position;

  public RouterNode(World world, Actor actor) {
    this.world = world;
    this.actor = actor;
    follow();
  }

  public Actor actor() {
    return actor;
  }

  @Override
  public ServerHealth of(String server) {
    ServerHealth health = known.get(server);
    return health == null ? ServerHealth.unknown(server) : health;
  }

  /** I8: opinions follow each other in one order everywhere. */
  private void follow() {
    world.agenda().after(actor, world.chance().between(10, 150), this::follow);
    if (actor.isCut(world.agenda().now())) {
      return;
    }
    List<LogRecord> log = world.broker().log(Topics.SERVER_HEALTH, 0);
    while (position < log.size()) {
      LogRecord record = log.get(position++);
      if (record.value() instanceof byte[] value) {
        ServerHealth next = ServerJson.readHealth(value).orElseThrow();
        ServerHealth before = known.put(record.id(), next);
        Truth.require(
            before == null || before.epoch() < next.epoch(),
            "I8",
            record.id() + " went back to epoch " + next.epoch());
      }
    }
  }
}
