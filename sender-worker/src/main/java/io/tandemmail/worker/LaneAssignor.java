package io.tandemmail.worker;

import static java.util.Objects.requireNonNullElse;

import io.tandemmail.model.settings.Settings;
import io.tandemmail.model.wire.Topics;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Configurable;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/**
 * Gives all lane partitions of one number to one worker. Mail is spread evenly over the numbers, so each worker then has the
 * same part of every lane, and its part of a server's caps is the part of the mail it has to send. Spread by lane, one worker
 * may own the lanes that have mail and another the lanes that have none, with half of the allowance (I5). Lanes to a server
 * with few connections go to as few workers ({@link LaneSlots}).
 *
 * <p>Who gets which number is left to Kafka's cooperative sticky assignor, which sees one topic with the numbers as its
 * partitions. What another worker still owns is withheld until it has given it up, as the cooperative protocol asks for.
 */
public final class LaneAssignor implements ConsumerPartitionAssignor, Configurable {
  /** In the consumer's configuration: a {@code Supplier<Settings>} with the servers' caps, as they are now. */
  static final String SETTINGS = "tandem.lane.settings";

  private static final String NUMBERS = "lanes";

  private final CooperativeStickyAssignor sticky = new CooperativeStickyAssignor();
  private Optional<Supplier<?>> settings = Optional.empty();

  @Override
  public void configure(Map<String, ?> configs) {
    settings = Optional.ofNullable((Supplier<?>) configs.get(SETTINGS));
  }

  @Override
  public String name() {
    return "tandem-lanes";
  }

  @Override
  public short version() {
    return sticky.version();
  }

  @Override
  public List<RebalanceProtocol> supportedProtocols() {
    return sticky.supportedProtocols();
  }

  @Override
  public ByteBuffer subscriptionUserData(Set<String> topics) {
    return sticky.subscriptionUserData(topics);
  }

  @Override
  public void onAssignment(Assignment assignment, ConsumerGroupMetadata metadata) {
    sticky.onAssignment(assignment, metadata);
  }

  @Override
  public GroupAssignment assign(Cluster metadata, GroupSubscription group) {
    Map<String, Subscription> members = new TreeMap<>(group.groupSubscription());
    Set<Set<String>> wanted = new HashSet<>();
    members.values().forEach(member -> wanted.add(Set.copyOf(member.topics())));
    if (wanted.size() != 1) {
      // While a new configuration is rolled out, or where workers serve some servers only.
      return sticky.assign(metadata, group);
    }
    Map<String, Integer> sizes = new TreeMap<>();
    for (String lane : wanted.iterator().next()) {
      sizes.put(lane, requireNonNullElse(metadata.partitionCountForTopic(lane), 0));
    }
    Map<TopicPartition, String> owners = owners(members);
    Map<String, List<TopicPartition>> given = new HashMap<>();
    members.keySet().forEach(member -> given.put(member, new ArrayList<>()));
    bySlots(sizes)
        .forEach((slots, lanes) -> {
          Map<Integer, String> future = owners(slots, lanes, members, owners);
          for (String lane : lanes) {
            for (int number = 0; number < sizes.getOrDefault(lane, 0); number++) {
              TopicPartition partition = new TopicPartition(lane, number);
              String member = future.get(slots.of(number));
              if (member != null && owners.getOrDefault(partition, member).equals(member)) {
                given.computeIfAbsent(member, none -> new ArrayList<>()).add(partition);
              }
            }
          }
        });
    Map<String, Assignment> assignments = new HashMap<>();
    given.forEach((member, its) -> assignments.put(member, new Assignment(its)));
    return new GroupAssignment(assignments);
  }

  private Map<LaneSlots, Set<String>> bySlots(Map<String, Integer> sizes) {
    int most = sizes.values().stream().mapToInt(Integer::intValue).max().orElse(0);
    Map<String, LaneSlots> scarce =
        settings.map(it -> LaneSlots.scarce((Settings) it.get(), most)).orElse(Map.of());
    Map<LaneSlots, Set<String>> result = new LinkedHashMap<>();
    sizes.forEach((lane, size) -> {
      LaneSlots slots =
          Topics.isLane(lane) && size == most
              ? scarce.getOrDefault(Topics.parseLane(lane).server(), LaneSlots.whole(most))
              : LaneSlots.whole(most);
      result.computeIfAbsent(slots, none -> new TreeSet<>()).add(lane);
    });
    return result;
  }

  /** Who is to have each slot, be it that another still owns it. */
  private Map<Integer, String> owners(
      LaneSlots slots,
      Set<String> lanes,
      Map<String, Subscription> members,
      Map<TopicPartition, String> owners) {
    Map<String, List<TopicPartition>> assigned =
        sticky.assignPartitions(
            Map.of(NUMBERS, numbers(slots.count())),
            ofSlots(members, ownersOfSlots(slots, lanes, owners)));
    Map<Integer, String> result = new TreeMap<>();
    assigned.forEach((member, its) -> its.forEach(slot -> result.put(slot.partition(), member)));
    return result;
  }

  /** As the members of the last generation say; who missed it has lost what it claims. */
  private static Map<TopicPartition, String> owners(Map<String, Subscription> members) {
    int last =
        members.values().stream()
            .mapToInt(member -> member.generationId().orElse(-1))
            .max()
            .orElse(-1);
    Map<TopicPartition, String> owners = new HashMap<>();
    members.forEach((id, member) -> {
      if (member.generationId().orElse(-1) == last) {
        member.ownedPartitions().forEach(partition -> owners.put(partition, id));
      }
    });
    return owners;
  }

  /** Of a slot whose partitions have several owners, the one with most of them. */
  private static Map<Integer, String> ownersOfSlots(
      LaneSlots slots, Set<String> lanes, Map<TopicPartition, String> owners) {
    Map<Integer, Map<String, Integer>> counts = new TreeMap<>();
    owners.forEach((partition, member) -> {
      if (lanes.contains(partition.topic())) {
        counts
            .computeIfAbsent(slots.of(partition.partition()), slot -> new TreeMap<>())
            .merge(member, 1, Integer::sum);
      }
    });
    Map<Integer, String> result = new HashMap<>();
    counts.forEach((slot, members) -> {
      int most = members.values().stream().mapToInt(Integer::intValue).max().orElse(0);
      members.forEach((member, count) -> {
        if (count == most) {
          result.putIfAbsent(slot, member);
        }
      });
    });
    return result;
  }

  private static List<PartitionInfo> numbers(int count) {
    return IntStream.range(0, count)
        .mapToObj(it -> new PartitionInfo(NUMBERS, it, Node.noNode(), new Node[0], new Node[0]))
        .toList();
  }

  private static Map<String, Subscription> ofSlots(
      Map<String, Subscription> members, Map<Integer, String> owners) {
    Map<String, Subscription> result = new HashMap<>();
    members.forEach((id, member) -> {
      List<TopicPartition> owned = new ArrayList<>();
      owners.forEach((slot, owner) -> {
        if (owner.equals(id)) {
          owned.add(new TopicPartition(NUMBERS, slot));
        }
      });
      result.put(
          id,
          new Subscription(
              List.of(NUMBERS),
              member.userData(),
              owned,
              member.generationId().orElse(-1),
              member.rackId()));
    });
    return result;
  }
}
