package io.tandemmail.simulation;

import static java.util.Objects.requireNonNull;

import io.tandemmail.model.server.ServerCommand;
import io.tandemmail.model.server.ServerJson;
import io.tandemmail.model.server.ServerMode;
import io.tandemmail.model.wire.Headers;
import io.tandemmail.model.wire.Topics;
import io.tandemmail.simulation.mail.Mode;
import io.tandemmail.simulation.mail.ModelServer;
import io.tandemmail.simulation.router.Routers;
import io.tandemmail.simulation.world.Chance;
import io.tandemmail.simulation.world.LogRecord;
import io.tandemmail.simulation.world.World;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/** What goes wrong, at random, while there is a storm. */
final class Faults {
  private static final long CLOCK_JUMP_MILLIS = 2 * 3_600_000L;
  private static final long UNTIL_THE_NEXT_STORM = 3_600_000;
  private static final List<String> ROUTES_LANES =
      List.of(Topics.lane("bulk", "b"), Topics.lane("default", "a"));

  private final World world;
  private final Chance chance;
  private final Routers routers;
  private final Crew crew;
  private final Map<String, ModelServer> servers;
  private final List<String> names;
  private boolean storm;
  private int count;

  Faults(World world, Routers routers, Crew crew, Map<String, ModelServer> servers) {
    this.world = world;
    this.chance = world.chance();
    this.routers = routers;
    this.crew = crew;
    this.servers = servers;
    this.names = List.copyOf(servers.keySet());
    next();
  }

  int count() {
    return count;
  }

  void storm() {
    storm = true;
    crew.findWays();
  }

  /** All servers but one, at most, work again; or one worker cannot reach one of them. */
  void calm() {
    storm = false;
    names.forEach(this::free);
    servers.values().forEach(server -> server.mode(Mode.UP));
    crew.findWays();
    if (chance.oneIn(2)) {
      Mode broken = chance.of(List.of(Mode.REFUSING, Mode.SILENT, Mode.TRANSIENT));
      requireNonNull(servers.get(chance.of(names))).mode(broken);
    } else if (chance.oneIn(2)) {
      crew.loseWay(chance.below(crew.size()), chance.of(names), UNTIL_THE_NEXT_STORM);
    }
  }

  /** Nothing is wrong any more. */
  void heal() {
    calm();
    crew.findWays();
    servers
        .values()
        .forEach(server -> {
          server.mode(Mode.UP);
          server.makeRoom();
        });
  }

  private void next() {
    world.agenda().after(world.network(), chance.between(100, 2_500), this::next);
    if (storm) {
      count++;
      strike();
    }
  }

  private void strike() {
    int worker = chance.below(crew.size());
    switch (chance.below(19)) {
      case 0, 1, 2 -> crew.kill(worker, chance.between(100, 8_000));
      case 3, 4, 5 -> crew.pause(worker, chance.between(500, 12_000));
      case 6, 7 -> crew.cut(worker, chance.between(500, 12_000));
      case 8 -> routers.kill(chance.below(routers.count()), chance.between(100, 8_000));
      case 9 -> routers.pause(chance.below(routers.count()), chance.between(500, 12_000));
      case 10, 11, 12 ->
          requireNonNull(servers.get(chance.of(names))).mode(chance.of(List.of(Mode.values())));
      case 13 -> crew.setClock(worker, chance.between(-CLOCK_JUMP_MILLIS, CLOCK_JUMP_MILLIS));
      case 14, 15 -> crew.failAppends(worker, chance.between(500, 5_000));
      case 16 -> order(chance.of(names), chance.of(List.of(ServerMode.values())));
      case 17 -> crew.loseWay(worker, chance.of(names), chance.between(500, 12_000));
      default -> poison();
    }
  }

  /** A lane record that nobody can read. */
  private void poison() {
    int partition = chance.below(world.settings().kafka().partitions());
    world
        .broker()
        .append(
            new TopicPartition(chance.of(ROUTES_LANES), partition),
            new LogRecord("poison", Headers.NONE, "poison"));
  }

  private void free(String server) {
    order(server, ServerMode.AUTO);
  }

  private void order(String server, ServerMode mode) {
    ServerCommand order =
        new ServerCommand(server, mode, "operator", "", world.agenda().wall(world.network()));
    world
        .broker()
        .append(
            new TopicPartition(Topics.SERVER_COMMANDS, 0),
            new LogRecord(server, Headers.NONE, ServerJson.write(order)));
  }
}
