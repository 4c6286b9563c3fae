package io.tandemmail.simulation.worker;

import io.tandemmail.model.settings.RouteSettings;
import io.tandemmail.model.wire.Topics;
import io.tandemmail.simulation.truth.Truth;
import io.tandemmail.simulation.world.Rule;
import io.tandemmail.simulation.world.World;
import io.tandemmail.worker.lane.CommitMetadata;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The workers' group at the brokers: who is in it, who owns which lane partition, and what was committed. */
public final class Coordinator {
  private static final long SESSION_MILLIS = 6_000;

  /** Below what a worker believes: what a world without the rule does. */
  private static final long SHORT_SESSION_MILLIS = 1_500;

  private static final long CHECK_MILLIS = 200;

  /**
   * What an owner leaves with the group.
   *
   * @param offset to resume from
   */
  record Left(long offset, CommitMetadata metadata) {}

  private final World world;
  private final List<TopicPartition> lanes = new ArrayList<>();
  private final Map<Worker, Long> heardAt = new LinkedHashMap<>();
  private final Map<TopicPartition, Worker> owners = new LinkedHashMap<>();
  private final Map<TopicPartition, Left> committed = new LinkedHashMap<>();
  private final Set<TopicPartition> leaving = new HashSet<>();
  private final Map<Worker, Long> toldAt = new LinkedHashMap<>();

  public Coordinator(World world) {
    this.world = world;
    for (int p = 0; p < world.settings().kafka().partitions(); p++) {
      for (RouteSettings route : world.settings().routes().values()) {
        for (String server : route.serversInOrder()) {
          lanes.add(new TopicPartition(Topics.lane(route.id(), server), p));
        }
      }
    }
    check();
  }

  boolean isMember(Worker worker) {
    return heardAt.containsKey(worker);
  }

  void join(Worker worker) {
    heardAt.put(worker, world.agenda().now());
    balance();
  }

  /** False when the group does not know it any more. */
  boolean heartbeat(Worker worker) {
    return heardAt.computeIfPresent(worker, (it, at) -> world.agenda().now()) != null;
  }

  /** Refused for whoever is not the owner, as the group refuses an old generation. */
  void commit(Worker worker, TopicPartition lane, Left left) {
    if (owners.get(lane) == worker) {
      committed.put(lane, left);
    }
  }

  Optional<Left> committed(TopicPartition lane) {
    return Optional.ofNullable(committed.get(lane));
  }

  void released(Worker worker, TopicPartition lane) {
    if (owners.get(lane) == worker) {
      owners.remove(lane);
      leaving.remove(lane);
      balance();
    }
  }

  /** I2: what is sent or given back is so by its owner. */
  void mustOwn(Worker worker, TopicPartition lane, String doing) {
    @Nullable Worker owner = owners.get(lane);
    Truth.require(
        owner == worker, "I2", worker.name() + " " + doing + " for " + lane + ", not its owner");
  }

  boolean owns(Worker worker, TopicPartition lane) {
    return owners.get(lane) == worker;
  }

  /** What the group tells a worker arrives in order. */
  private void tell(Worker worker, Runnable news) {
    long now = world.agenda().now();
    long at = Math.max(toldAt.getOrDefault(worker, 0L), now + world.hop());
    toldAt.put(worker, at);
    world.agenda().after(world.network(), at - now, news);
  }

  private void check() {
    world.agenda().after(world.network(), CHECK_MILLIS, this::check);
    long session = world.holds(Rule.NEW_OWNER_WAITS) ? SESSION_MILLIS : SHORT_SESSION_MILLIS;
    long oldest = world.agenda().now() - session;
    List<Worker> silent = new ArrayList<>();
    heardAt.forEach((worker, at) -> {
      if (at < oldest) {
        silent.add(worker);
      }
    });
    silent.forEach(this::expel);
  }

  private void expel(Worker worker) {
    heardAt.remove(worker);
    world.truth().fenced(worker);
    owners
        .entrySet()
        .removeIf(entry -> {
          if (entry.getValue() != worker) {
            return false;
          }
          leaving.remove(entry.getKey());
          return true;
        });
    balance();
  }

  private void balance() {
    List<Worker> members = List.copyOf(heardAt.keySet());
    for (int i = 0; i < lanes.size() && !members.isEmpty(); i++) {
      TopicPartition lane = lanes.get(i);
      Worker target = members.get(i % members.size());
      Worker owner = owners.get(lane);
      if (owner == null) {
        owners.put(lane, target);
        tell(target, () -> target.assigned(lane));
      } else if (owner != target && leaving.add(lane)) {
        tell(owner, () -> owner.revoked(lane));
      }
    }
  }
}
