package io.tandemmail.simulation;

import io.tandemmail.model.settings.Settings;
import io.tandemmail.model.settings.SettingsReader;
import io.tandemmail.model.settings.SettingsResult;
import io.tandemmail.simulation.mail.ModelServer;
import io.tandemmail.simulation.router.Routers;
import io.tandemmail.simulation.truth.Truth;
import io.tandemmail.simulation.truth.Violation;
import io.tandemmail.simulation.worker.Worker;
import io.tandemmail.simulation.world.Actor;
import io.tandemmail.simulation.world.Agenda;
import io.tandemmail.simulation.world.Broker;
import io.tandemmail.simulation.world.Chance;
import io.tandemmail.simulation.world.Rule;
import io.tandemmail.simulation.world.World;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * One world from its seed to the end of its mail: a storm of faults, a calm with one server out of service, another storm,
 * another calm, and then nothing wrong until everything has ended.
 */
public final class Simulation {
  private static final int WORKERS = 3;
  private static final int ROUTERS = 2;
  private static final long STORM_MILLIS = 60_000;

  /** A ramp, and a fall in the middle of it. */
  private static final int SETTLING_SECONDS = 60;

  private static final long CALM_MILLIS = 90_000;
  private static final long HEALING_MILLIS = 300_000;
  private static final int STEPS_BETWEEN_COUNTS = 5_000;

  private static final String SETTINGS =
      """
      kafka: { partitions: 3 }
      worker: { max-unrecorded: 8 }
      servers:
        a: { host: h, max-connections: 5 }
        b: { host: h, max-connections: 8 }
        c: { host: h, max-connections: 4 }
      routes:
        default: { primary: a, secondary: b, retry: { first: 1s, max: 8s, give-up-after: 6h } }
        bulk: { primary: b, secondary: c, retry: { first: 1s, max: 8s, give-up-after: 6h } }
      health: { ramp: 5s, cool-down: 1s..8s, probe-interval: 1s }
      """;

  private final World world;
  private final Routers routers;
  private final Crew crew;
  private final Faults faults;
  private final Clients clients;

  private Simulation(World world) {
    this.world = world;
    Map<String, ModelServer> servers = new TreeMap<>();
    world.settings().servers().keySet().forEach(id -> servers.put(id, new ModelServer(id, world)));
    routers = new Routers(world, ROUTERS);
    crew = new Crew(world, servers, WORKERS);
    faults = new Faults(world, routers, crew, servers);
    clients = new Clients(world);
  }

  /**
   * How a world ended.
   *
   * @param violation empty: every invariant held
   * @param duplicates second copies, every one explained by a fault
   * @param halfReturned faults between a returned message and its outcome
   */
  public record Result(
      long seed,
      long steps,
      long simulatedMillis,
      int faults,
      int messages,
      int copies,
      int duplicates,
      int halfReturned,
      Optional<Violation> violation) {}

  /**
   * @param dropped rules that do not hold in this world
   */
  public static Result run(long seed, Set<Rule> dropped) {
    Settings settings = settings();
    Chance chance = new Chance(seed);
    World world =
        new World(
            new Agenda(chance),
            chance,
            settings,
            dropped,
            new Broker(),
            new Truth(settings.worker().maxUnrecorded()),
            new Actor("network"));
    return new Simulation(world).live(seed);
  }

  private Result live(long seed) {
    Optional<Violation> violation = Optional.empty();
    try {
      for (int i = 0; i < 2; i++) {
        faults.storm();
        until(world.agenda().now() + STORM_MILLIS);
        faults.calm();
        long calmSince = world.agenda().now();
        until(calmSince + CALM_MILLIS);
        world.truth().plainMailEnded(calmSince + CALM_MILLIS / 2);
        oneOpinion();
      }
      heal();
    } catch (Violation broken) {
      violation = Optional.of(broken);
    }
    return new Result(
        seed,
        world.agenda().steps(),
        world.agenda().now(),
        faults.count(),
        world.truth().size(),
        world.truth().tally().copies(),
        world.truth().tally().duplicates(),
        world.truth().tally().halfReturned(),
        violation);
  }

  private void heal() {
    clients.stop();
    faults.heal();
    long end = world.agenda().now() + HEALING_MILLIS;
    while (world.agenda().now() < end
        && (!world.truth().everythingEnded() || routers.waiting() > 0)) {
      until(world.agenda().now() + 1_000);
    }
    until(world.agenda().now() + 5_000);
    world.truth().allEnded();
    routers.checkCounts();
    Truth.require(routers.waiting() == 0, "I3", routers.waiting() + " ended and still counted");
    oneOpinion();
  }

  private void until(long millis) {
    while (world.agenda().now() < millis && world.agenda().step()) {
      if (world.agenda().steps() % STEPS_BETWEEN_COUNTS == 0) {
        routers.checkCounts();
      }
    }
  }

  /** I8: once nothing has changed for a second, everybody knows the same. */
  private void oneOpinion() {
    for (String server : world.settings().servers().keySet()) {
      LongSummaryStatistics known = epochs(server);
      long before;
      int seconds = 0;
      do {
        Truth.require(
            seconds++ < SETTLING_SECONDS, "I8", server + " never comes to rest: " + known);
        before = known.getMax();
        until(world.agenda().now() + 1_000);
        known = epochs(server);
      } while (known.getMax() != before);
      Truth.require(known.getMin() == before, "I8", server + " is known with epochs " + known);
    }
  }

  private LongSummaryStatistics epochs(String server) {
    return Stream.concat(routers.nodes().stream(), crew.workers().stream().map(Worker::health))
        .mapToLong(node -> node.of(server).epoch())
        .summaryStatistics();
  }

  private static Settings settings() {
    return switch (SettingsReader.read("simulation", SETTINGS, Map.of())) {
      case SettingsResult.Valid valid -> valid.settings();
      case SettingsResult.Invalid invalid ->
          throw new IllegalStateException(invalid.problems().toString());
    };
  }
}
