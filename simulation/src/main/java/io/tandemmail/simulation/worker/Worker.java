package io.tandemmail.simulation.worker;

import static java.util.Objects.requireNonNull;

import io.tandemmail.model.server.ServerHealth;
import io.tandemmail.model.submission.FactsCodec;
import io.tandemmail.model.submission.MessageFacts;
import io.tandemmail.model.wire.Topics;
import io.tandemmail.simulation.mail.ModelServer;
import io.tandemmail.simulation.router.RouterNode;
import io.tandemmail.simulation.truth.LaneMark;
import io.tandemmail.simulation.world.Actor;
import io.tandemmail.simulation.world.LogRecord;
import io.tandemmail.simulation.world.Rule;
import io.tandemmail.simulation.world.World;
import io.tandemmail.worker.delivery.ConnectionShare;
import io.tandemmail.worker.gate.SendGate;
import io.tandemmail.worker.lane.CommitMetadata;
import io.tandemmail.worker.lane.CommitMetadata.Owner;
import io.tandemmail.worker.lane.LedgerNotes;
import io.tandemmail.worker.lane.LedgerReader.Ledger;
import io.tandemmail.worker.lane.LedgerReader.Takeover;
import io.tandemmail.worker.lane.LeftInHand;
import io.tandemmail.worker.lane.OffsetTracker;
import io.tandemmail.worker.lane.OwnedPartition;
import io.tandemmail.worker.lane.Positions;
import io.tandemmail.worker.quarantine.Suspicion;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/** One life of a worker process. Its successor on the same host is another object. */
public final class Worker {
  private static final long HEARTBEAT_MILLIS = 1_000;
  private static final long COMMIT_MILLIS = 250;
  private static final long FRESH_MILLIS = 4_000;
  private static final long REVOKE_BUDGET_MILLIS = 3_000;
  private static final int IN_FLIGHT_MAX = 20;
  private static final int RECORDS_A_POLL = 10;
  private static final CommitMetadata NOBODY =
      new CommitMetadata(Positions.BEGINNING, Suspicion.NONE, Owner.GONE, 0);

  private final World world;
  private final Actor actor;
  private final Coordinator coordinator;
  private final Map<String, ModelServer> servers;
  private final RouterNode health;
  private final SendGate gate;
  private final Recording recording;
  private final Watch watch;
  private final Map<TopicPartition, Part> parts = new LinkedHashMap<>();

  /** Revoked, and still this worker's until what has begun is recorded. */
  private final Set<Part> leaving = new LinkedHashSet<>();

  private final Map<String, Deque<Delivery>> queues = new LinkedHashMap<>();
  private final Map<String, List<Connection>> connections = new LinkedHashMap<>();
  private final Set<TopicPartition> arriving = new HashSet<>();
  private long answeredAt = Long.MIN_VALUE / 2;
  private boolean dead;

  public Worker(
      World world, Actor actor, Coordinator coordinator, Map<String, ModelServer> servers) {
    this.world = world;
    this.actor = actor;
    this.coordinator = coordinator;
    this.servers = servers;
    health = new RouterNode(world, actor);
    gate = new SendGate(world.settings().routes());
    recording = new Recording(world, this);
    watch = new Watch(world, this, servers);
    servers
        .keySet()
        .forEach(server -> {
          queues.put(server, new ArrayDeque<>());
          connections.put(server, new ArrayList<>());
        });
    after(world.hop(), this::join);
    after(HEARTBEAT_MILLIS, this::heartbeat);
    after(COMMIT_MILLIS, this::commitAll);
    poll();
  }

  /** The process has ended: its connections end with it. */
  public void died() {
    dead = true;
    world.truth().fenced(this);
    connections.values().forEach(list -> list.forEach(Connection::close));
  }

  public RouterNode health() {
    return health;
  }

  Coordinator coordinator() {
    return coordinator;
  }

  Recording recording() {
    return recording;
  }

  Watch watch() {
    return watch;
  }

  String name() {
    return actor.name();
  }

  void after(long millis, Runnable action) {
    if (!dead) {
      world.agenda().after(actor, millis, action);
    }
  }

  boolean isCut() {
    return actor.isCut(world.agenda().now());
  }

  boolean canAppend() {
    return actor.canAppend(world.agenda().now());
  }

  Instant wall() {
    return world.agenda().wall(actor);
  }

  /** Is it certain that nobody else owns what it owned? */
  boolean isFresh() {
    return world.agenda().now() - answeredAt < FRESH_MILLIS;
  }

  SendGate.Answer ask(Delivery delivery, String server) {
    return gate.ask(delivery.facts(), server, this::healthHere, wall());
  }

  /** The cluster's opinion; but a server that this worker alone does not get through to is out of service for its mail. */
  private ServerHealth healthHere(String server) {
    ServerHealth all = health.of(server);
    return isOutOfReach(server) ? all.outOfReach() : all;
  }

  boolean isOutOfReach(String server) {
    return world.holds(Rule.OUT_OF_REACH_LEAVES)
        && health.of(server).inService()
        && watch.isOutOfReach(server);
  }

  boolean reaches(String server) {
    return actor.reaches(server, world.agenda().now());
  }

  /** Gives waiting mail to connections that have none. */
  void pump(String server) {
    Deque<Delivery> queue = requireNonNull(queues.get(server));
    for (Connection connection : List.copyOf(requireNonNull(connections.get(server)))) {
      if (queue.isEmpty()) {
        return;
      }
      if (connection.isIdle()) {
        connection.start(queue.poll());
      }
    }
  }

  /** The group's word reaches the process, when it runs. */
  void assigned(TopicPartition lane) {
    arriving.add(lane);
    after(world.hop(), () -> takeOver(lane));
  }

  void revoked(TopicPartition lane) {
    after(
        1,
        () -> {
          if (arriving.contains(lane)) {
            after(20, () -> revoked(lane));
            return;
          }
          Part part = parts.remove(lane);
          if (part == null) {
            release(lane);
            return;
          }
          part.owned().disown();
          leaving.add(part);
          resize();
          awaitRecorded(lane, part, world.agenda().now() + REVOKE_BUDGET_MILLIS);
        });
  }

  private void awaitRecorded(TopicPartition lane, Part part, long deadline) {
    if (part.isReleased()) {
      return;
    }
    if (part.owned().busy() > 0 && world.agenda().now() < deadline) {
      after(20, () -> awaitRecorded(lane, part, deadline));
      return;
    }
    if (isCut()) {
      after(20, () -> awaitRecorded(lane, part, deadline));
      return;
    }
    part.release();
    leaving.remove(part);
    world.truth().letGo(this, lane);
    Coordinator.Left left = leaves(part, Owner.GONE);
    world
        .agenda()
        .after(
            world.network(),
            world.hop(),
            () -> {
              coordinator.commit(this, lane, left);
              coordinator.released(this, lane);
            });
  }

  private void release(TopicPartition lane) {
    world.agenda().after(world.network(), world.hop(), () -> coordinator.released(this, lane));
  }

  private void join() {
    if (isCut()) {
      after(100, this::join);
      return;
    }
    long asked = world.agenda().now();
    world
        .agenda()
        .after(
            world.network(),
            world.hop(),
            () -> {
              coordinator.join(this);
              after(world.hop(), () -> answeredAt = Math.max(answeredAt, asked));
            });
  }

  private void heartbeat() {
    after(HEARTBEAT_MILLIS, this::heartbeat);
    if (isCut()) {
      return;
    }
    long asked = world.agenda().now();
    world
        .agenda()
        .after(
            world.network(),
            world.hop(),
            () -> {
              if (coordinator.heartbeat(this)) {
                after(world.hop(), () -> answeredAt = Math.max(answeredAt, asked));
              } else {
                after(world.hop(), this::lost);
              }
            });
  }

  /** The group has forgotten it. */
  private void lost() {
    if (coordinator.isMember(this)) {
      return;
    }
    parts.values().forEach(Part::release);
    parts.clear();
    leaving.forEach(Part::release);
    leaving.clear();
    resize();
    join();
  }

  private void takeOver(TopicPartition lane) {
    if (isCut()) {
      after(100, () -> takeOver(lane));
      return;
    }
    arriving.remove(lane);
    if (parts.containsKey(lane) || !coordinator.owns(this, lane)) {
      return;
    }
    Coordinator.Left from =
        coordinator.committed(lane).orElseGet(() -> new Coordinator.Left(0, NOBODY));
    Takeover takeover = new Takeover(lane, from.offset(), from.metadata().positions());
    Ledger ledger = readLedger(takeover);
    LeftInHand inHand =
        world.holds(Rule.IN_HAND_LISTED)
            ? from.metadata().leftInHand(world.broker().log(lane).size(), mostInHand(lane))
            : LeftInHand.nothing();
    Part part =
        new Part(new OwnedPartition(lane, ledger.tracker(takeover), ledger, inHand), from.offset());
    coordinator.commit(this, lane, leaves(part, Owner.AT_WORK));
    parts.put(lane, part);
    resize();
  }

  private Ledger readLedger(Takeover takeover) {
    List<LogRecord> log = world.broker().log(Topics.OUTCOMES, takeover.lane().partition());
    List<LogRecord> returned = world.broker().log(Topics.RETURNED, takeover.lane().partition());
    LedgerNotes notes = new LedgerNotes(takeover);
    if (world.holds(Rule.LEDGER_BEFORE_SEND)) {
      for (int i = (int) takeover.from().ledger(); i < log.size(); i++) {
        notes.outcome((byte[]) log.get(i).value());
      }
    }
    if (world.holds(Rule.RETURNS_BEFORE_SEND)) {
      for (long i = takeover.from().returned(); i < returned.size(); i++) {
        notes.returned(returned.get((int) i).headers());
      }
    }
    return notes.ledger(new Positions(log.size(), returned.size()));
  }

  private void resize() {
    connections.forEach((server, list) -> {
      int share =
          world.holds(Rule.CONNECTION_SHARE)
              ? ConnectionShare.of(world.settings(), server, parts.keySet()).connections()
              : requireNonNull(world.settings().servers().get(server)).limits().maxConnections();
      while (list.size() > share) {
        list.removeLast().stop();
      }
      while (list.size() < share) {
        list.add(new Connection(world, this, server, requireNonNull(servers.get(server))));
      }
      pump(server);
    });
  }

  private void poll() {
    after(world.chance().between(30, 80), this::poll);
    if (!world.holds(Rule.FRESH_BY_ANSWER)) {
      answeredAt = world.agenda().now();
    }
    if (!isCut()) {
      parts.values().forEach(this::fetch);
    }
  }

  private void fetch(Part part) {
    List<LogRecord> log = world.broker().log(part.owned().partition());
    OffsetTracker offsets = part.owned().offsets();
    int taken = 0;
    while (part.position() < log.size()
        && offsets.inFlight() < IN_FLIGHT_MAX
        && taken++ < RECORDS_A_POLL) {
      long offset = part.next();
      take(part, offset, log.get((int) offset));
    }
    offsets.positionIs(part.position());
    part.owned().leftInHand().positionIs(part.position());
    pump(part.owned().lane().server());
  }

  private void take(Part part, long offset, LogRecord record) {
    if (record.isMarker()) {
      return;
    }
    OffsetTracker offsets = part.owned().offsets();
    offsets.taken(offset, 1);
    if (!(record.value() instanceof LaneMark mark)) {
      offsets.finished(offset);
      return;
    }
    MessageFacts facts = FactsCodec.facts(record.headers());
    List<String> open = new ArrayList<>(facts.envelope().forwardPaths());
    open.removeAll(part.owned().ledger().finishedAt(offset));
    Runnable finished = open.isEmpty() ? () -> part.owned().finished(offset) : () -> {};
    Set<String> unlisted = part.owned().ledger().unlistedAt(offset);
    if (unlisted.isEmpty() || !world.holds(Rule.RETURNED_DOUBT_LISTED)) {
      finished.run();
    } else {
      recording.list(part, facts, unlisted, finished);
    }
    if (open.isEmpty()) {
      return;
    }
    part.owned().leftInHand().taken(offset);
    MessageFacts remaining = facts.withEnvelope(facts.envelope().withForwardPaths(open));
    requireNonNull(queues.get(part.owned().lane().server()))
        .add(new Delivery(part, offset, remaining, FactsCodec.assignment(record.headers()), mark));
  }

  private void commitAll() {
    after(COMMIT_MILLIS, this::commitAll);
    if (isCut()) {
      return;
    }
    parts.forEach((lane, part) -> {
      part.owned()
          .offsets()
          .returnedEndWas(world.broker().log(Topics.RETURNED, lane.partition()).size());
      Coordinator.Left left = leaves(part, Owner.AT_WORK);
      world
          .agenda()
          .after(world.network(), world.hop(), () -> coordinator.commit(this, lane, left));
    });
  }

  private int mostInHand(TopicPartition lane) {
    return LeftInHand.most(world.settings(), Topics.parseLane(lane.topic()).server());
  }

  private Coordinator.Left leaves(Part part, Owner owner) {
    OffsetTracker.Commit commit = part.owned().offsets().commit();
    return new Coordinator.Left(
        world.holds(Rule.LOW_WATER_MARK_ONLY) ? commit.offset() : part.position(),
        CommitMetadata.of(
            part.owned(),
            commit.positions(),
            Suspicion.NONE,
            owner,
            mostInHand(part.owned().partition())));
  }
}
