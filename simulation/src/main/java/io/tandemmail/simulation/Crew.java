package io.tandemmail.simulation;

import io.tandemmail.simulation.mail.ModelServer;
import io.tandemmail.simulation.worker.Coordinator;
import io.tandemmail.simulation.worker.Worker;
import io.tandemmail.simulation.world.Actor;
import io.tandemmail.simulation.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The hosts that workers run on. */
final class Crew {
  private final World world;
  private final Coordinator coordinator;
  private final Map<String, ModelServer> servers;
  private final List<Actor> hosts = new ArrayList<>();
  private final List<Worker> workers = new ArrayList<>();

  Crew(World world, Map<String, ModelServer> servers, int size) {
    this.world = world;
    this.servers = servers;
    this.coordinator = new Coordinator(world);
    for (int i = 0; i < size; i++) {
      Actor host = new Actor("worker-" + i);
      hosts.add(host);
      workers.add(new Worker(world, host, coordinator, servers));
    }
  }

  int size() {
    return hosts.size();
  }

  List<Worker> workers() {
    return List.copyOf(workers);
  }

  void kill(int index, long backAfterMillis) {
    Actor host = hosts.get(index);
    host.kill();
    workers.get(index).died();
    workers.set(index, new Worker(world, host, coordinator, servers));
    host.pauseUntil(world.agenda().now() + backAfterMillis);
  }

  void pause(int index, long millis) {
    hosts.get(index).pauseUntil(world.agenda().now() + millis);
  }

  void cut(int index, long millis) {
    hosts.get(index).cutUntil(world.agenda().now() + millis);
  }

  /** It cannot record for a while, and may die before it can. */
  void failAppends(int index, long millis) {
    hosts.get(index).appendsFailUntil(world.agenda().now() + millis);
    Worker worker = workers.get(index);
    if (world.chance().oneIn(2)) {
      world
          .agenda()
          .after(
              world.network(),
              millis - 1,
              () -> {
                if (workers.get(index) == worker) {
                  kill(index, 1_000);
                }
              });
    }
  }

  /** Nobody else has trouble with the server. */
  void loseWay(int index, String server, long millis) {
    hosts.get(index).loseWayTo(server, world.agenda().now() + millis);
  }

  void findWays() {
    hosts.forEach(Actor::findWays);
  }

  void setClock(int index, long offsetMillis) {
    hosts.get(index).setClock(offsetMillis);
  }
}
