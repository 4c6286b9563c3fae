package io.tandemmail.standalone.whatif;

import io.tandemmail.model.settings.RouteSettings;
import io.tandemmail.model.submission.Role;
import io.tandemmail.model.wire.HomePartition;
import io.tandemmail.model.wire.Topics.Lane;
import io.tandemmail.router.choice.HealthView;
import io.tandemmail.router.choice.ServerChoice;
import io.tandemmail.standalone.whatif.Figures.LaneFigures;
import io.tandemmail.standalone.whatif.ServerQueue.Batch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/** Works the servers' queues off, second by second. A server serves a second if it is in service when the second begins. */
public final class Replay {
  /** One id for each percentile that the choice between servers can depend on: mail that waits has no ids any more. */
  private static final List<String> ID_OF_PERCENTILE = idsOfPercentiles();

  /** Steps through the percentiles so that also a few messages in a row are spread; no divisor of 100. */
  private static final int SPREAD = 61;

  private final Placements placements;
  private final Scenario scenario;
  private final Window window;
  private final SortedMap<String, Station> stations = new TreeMap<>();
  private final List<Lane> lanes = new ArrayList<>();
  private final Map<Lane, Long> placed = new HashMap<>();
  private final Map<Lane, Long> movedIn = new HashMap<>();
  private final Map<Lane, Long> movedOut = new HashMap<>();

  private int nextPercentile;

  private record Station(ServerQueue queue, QueueRecord record) {}

  private Replay(Placements placements, ToDoubleFunction<String> transactionSeconds) {
    this.placements = placements;
    scenario = placements.scenario();
    window = placements.window();
    scenario
        .servers()
        .forEach((id, server) -> {
          ServerCap cap = ServerCap.of(server.limits(), transactionSeconds.applyAsDouble(id));
          stations.put(id, new Station(new ServerQueue(cap), new QueueRecord(id, cap, window)));
        });
    scenario
        .routes()
        .values()
        .forEach(route ->
            route.serversInOrder().forEach(server -> lanes.add(new Lane(route.id(), server))));
  }

  /**
   * @param transactionSeconds by server id: how long a connection is busy with one message
   */
  public static Figures of(Placements placements, ToDoubleFunction<String> transactionSeconds) {
    Replay replay = new Replay(placements, transactionSeconds);
    for (int second = 0; second < replay.window.seconds(); second++) {
      replay.step(second);
    }
    return replay.figures();
  }

  private void step(int second) {
    HealthView health = scenario.at(window.at(second));
    stations.forEach((id, station) -> {
      if (station.queue.backlog() > 0 && !health.of(id).inService()) {
        leave(id, station.queue, health);
      }
    });
    Map<String, Integer> arrivals = new HashMap<>();
    for (Lane lane : lanes) {
      int messages = placements.of(lane, second);
      queue(lane.server()).add(new Batch(lane.route(), second, messages));
      placed.merge(lane, (long) messages, Long::sum);
      arrivals.merge(lane.server(), messages, Integer::sum);
    }
    stations.forEach((id, station) ->
        serve(second, station, arrivals.getOrDefault(id, 0), health.of(id).inService()));
  }

  private static void serve(int second, Station station, int arrivals, boolean inService) {
    if (inService) {
      station.queue.serve(second);
    } else {
      station.queue.rest();
    }
    long backlog = station.queue.backlog();
    station.record.secondEnded(second, arrivals, backlog);
    if (inService && backlog > 0) {
      station.record.capHeldBack(second);
    }
  }

  /** What waits for a server out of service goes where its route sends it now (I4), or stays where nobody is in service. */
  private void leave(String server, ServerQueue from, HealthView health) {
    Map<String, List<String>> targetsOfRoute = new LinkedHashMap<>();
    from.waitingByRoute()
        .forEach((route, messages) -> {
          List<String> targets = targets(route(route), health);
          if (messages > 0 && targets.stream().allMatch(target -> health.of(target).inService())) {
            targetsOfRoute.put(route, targets);
          }
        });
    targetsOfRoute.forEach(
        (route, targets) -> from.remove(route).forEach(batch -> move(batch, server, targets)));
  }

  /** For each percentile, who takes it. */
  private static List<String> targets(RouteSettings route, HealthView health) {
    return ID_OF_PERCENTILE.stream()
        .map(id -> ServerChoice.choose(route, id, health).server())
        .toList();
  }

  private void move(Batch batch, String from, List<String> targets) {
    movedOut.merge(new Lane(batch.route(), from), batch.messages(), Long::sum);
    Map<String, Long> shares = new LinkedHashMap<>();
    long rounds = batch.messages() / targets.size();
    targets.forEach(target -> shares.merge(target, rounds, Long::sum));
    for (long rest = batch.messages() % targets.size(); rest > 0; rest--) {
      nextPercentile = (nextPercentile + SPREAD) % targets.size();
      shares.merge(targets.get(nextPercentile), 1L, Long::sum);
    }
    shares.forEach((target, messages) -> {
      queue(target).add(new Batch(batch.route(), batch.arrivedInSecond(), messages));
      movedIn.merge(new Lane(batch.route(), target), messages, Long::sum);
    });
  }

  private Figures figures() {
    Map<String, Long> deliveredOfRoute = new HashMap<>();
    lanes.forEach(lane ->
        deliveredOfRoute.merge(lane.route(), queue(lane.server()).served(lane.route()), Long::sum));
    return new Figures(
        lanes.stream()
            .map(lane -> laneFigures(lane, deliveredOfRoute.getOrDefault(lane.route(), 0L)))
            .toList(),
        stations.values().stream().map(station -> station.record.figures(station.queue)).toList(),
        placements.refused(),
        placements.withoutServer());
  }

  private LaneFigures laneFigures(Lane lane, long deliveredOfRoute) {
    ServerQueue queue = queue(lane.server());
    long delivered = queue.served(lane.route());
    Role role = route(lane.route()).primary().equals(lane.server()) ? Role.PRIMARY : Role.SECONDARY;
    return new LaneFigures(
        lane.route(),
        lane.server(),
        role.wireName(),
        placed.getOrDefault(lane, 0L),
        movedIn.getOrDefault(lane, 0L),
        movedOut.getOrDefault(lane, 0L),
        delivered,
        deliveredOfRoute == 0 ? 0 : 100.0 * delivered / deliveredOfRoute,
        queue.waiting(lane.route()));
  }

  private RouteSettings route(String id) {
    return Objects.requireNonNull(scenario.routes().get(id));
  }

  private ServerQueue queue(String server) {
    return Objects.requireNonNull(stations.get(server)).queue;
  }

  private static List<String> idsOfPercentiles() {
    SortedMap<Integer, String> ids = new TreeMap<>();
    for (int i = 0; ids.size() < 100; i++) {
      String id = Integer.toString(i);
      ids.putIfAbsent(HomePartition.percentile(id), id);
    }
    return List.copyOf(ids.values());
  }
}
