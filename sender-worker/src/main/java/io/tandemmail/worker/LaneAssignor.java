package io.tandemmail.worker;

import static java.util.Objects.requireNonNullElse;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/**
 * Gives all lane partitions of one number to one worker. Mail is spread evenly over the numbers, so each worker then has the
 * same part of every lane, and its part of a server's caps is the part of the mail it has to send. Spread by lane, one worker
 * may own the lanes that have mail and another the lanes that have none, with half of the allowance (I5).
 *
 * <p>Who gets which number is left to Kafka's cooperative sticky assignor, which sees one topic with the numbers as its
 * partitions. What another worker still owns is withheld until it has given it up, as the cooperative protocol asks for.
 */
public final class LaneAssignor implements ConsumerPartitionAssignor {
  private static final String NUMBERS = "lanes";

  private final CooperativeStickyAssignor sticky = new CooperativeStickyAssignor();

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
    Map<String, List<TopicPartition>> numbers =
        sticky.assignPartitions(
            Map.of(NUMBERS, numbers(sizes)), ofNumbers(members, ownersOfNumbers(owners)));
    Map<String, Assignment> assignments = new HashMap<>();
    members
        .keySet()
        .forEach(member -> {
          List<TopicPartition> its = new ArrayList<>();
          for (TopicPartition number : numbers.getOrDefault(member, List.of())) {
            sizes.forEach((lane, size) -> {
              TopicPartition partition = new TopicPartition(lane, number.partition());
              boolean free = owners.getOrDefault(partition, member).equals(member);
              if (number.partition() < size && free) {
                its.add(partition);
              }
            });
          }
          assignments.put(member, new Assignment(its));
        });
    return new GroupAssignment(assignments);
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

  /** Of a number whose lanes have several owners, the one with most of them. */
  private static Map<Integer, String> ownersOfNumbers(Map<TopicPartition, String> owners) {
    Map<Integer, Map<String, Integer>> counts = new TreeMap<>();
    owners.forEach((partition, member) ->
        counts
            .computeIfAbsent(partition.partition(), number -> new TreeMap<>())
            .merge(member, 1, Integer::sum));
    Map<Integer, String> result = new HashMap<>();
    counts.forEach((number, members) -> {
      int most = members.values().stream().mapToInt(Integer::intValue).max().orElse(0);
      members.forEach((member, count) -> {
        if (count == most) {
          result.putIfAbsent(number, member);
        }
      });
    });
    return result;
  }

  private static List<PartitionInfo> numbers(Map<String, Integer> sizes) {
    int most = sizes.values().stream().mapToInt(Integer::intValue).max().orElse(0);
    List<PartitionInfo> numbers = new ArrayList<>();
    for (int number = 0; number < most; number++) {
      numbers.add(new PartitionInfo(NUMBERS, number, Node.noNode(), new Node[0], new Node[0]));
    }
    return numbers;
  }

  private static Map<String, Subscription> ofNumbers(
      Map<String, Subscription> members, Map<Integer, String> owners) {
    Map<String, Subscription> result = new HashMap<>();
    members.forEach((id, member) -> {
      List<TopicPartition> owned = new ArrayList<>();
      owners.forEach((number, owner) -> {
        if (owner.equals(id)) {
          owned.add(new TopicPartition(NUMBERS, number));
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
