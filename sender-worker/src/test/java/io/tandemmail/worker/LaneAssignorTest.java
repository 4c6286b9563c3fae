package io.tandemmail.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.model.settings.Settings;
import io.tandemmail.model.settings.SettingsReader;
import io.tandemmail.model.settings.SettingsResult;
import io.tandemmail.model.wire.Topics;
import io.tandemmail.worker.delivery.ConnectionShare;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Assignment;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.GroupSubscription;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class LaneAssignorTest {
  private static final int PARTITIONS = 12;
  private static final Settings SETTINGS = settings(24, 20);
  private static final List<String> LANES =
      List.of(
          Topics.lane("default", "a"),
          Topics.lane("default", "b"),
          Topics.lane("bulk", "a"),
          Topics.lane("bulk", "b"));

  private final Map<String, LaneAssignor> workers = new TreeMap<>();
  private final Map<String, Set<TopicPartition>> owned = new HashMap<>();
  private int generation;

  @Test
  void eachWorkerHasTheSamePartOfEveryLaneHoweverTheyCameAndWent() {
    for (int count = 1; count <= 5; count++) {
      join("w" + count);
      settle();
      assertWholeAndAlike();
    }
    leave("w2");
    settle();
    assertWholeAndAlike();
    leave("w1");
    settle();
    assertWholeAndAlike();
  }

  @Test
  void whoJoinsTakesNoMoreThanItsPart() {
    join("w1");
    settle();
    join("w2");
    settle();
    Map<String, Set<TopicPartition>> before = new HashMap<>(owned);
    join("w3");
    settle();

    long moved =
        List.of("w1", "w2").stream()
            .flatMap(worker -> before.get(worker).stream())
            .filter(partition -> owned.get("w3").contains(partition))
            .count();
    assertThat(moved).isEqualTo(4L * LANES.size());
    assertThat(before.get("w1")).containsAll(owned.get("w1"));
  }

  @Test
  void lanesSpreadOtherwiseAreBroughtTogether() {
    join("w1");
    join("w2");
    generation = 3;
    owned.put("w1", lanes(LANES.subList(0, 2)));
    owned.put("w2", lanes(LANES.subList(2, 4)));

    settle();

    assertWholeAndAlike();
  }

  /** Where one worker's part of the connections is the part of the mail it has, whichever lanes have mail. */
  @Test
  void noAllowanceIsLeftWithLanesWithoutMail() {
    for (String worker : List.of("w1", "w2", "w3", "w4")) {
      join(worker);
      settle();
    }
    for (Set<TopicPartition> part : owned.values()) {
      long ofTheLaneWithMail =
          part.stream().filter(it -> it.topic().equals(Topics.lane("default", "a"))).count();
      assertThat(ConnectionShare.of(SETTINGS, "a", part).connections())
          .isEqualTo((int) (24 * ofTheLaneWithMail / PARTITIONS));
    }
  }

  /** One of the servers allows fewer connections than there are workers, the other fewer than there are numbers. */
  @Test
  void noMoreWorkersSendToAServerThanItAllowsConnections() {
    Settings few = settings(2, 7);
    for (int count = 1; count <= 5; count++) {
      join("w" + count, few);
      settle();
      assertConnections(few);
    }
    leave("w1");
    settle();
    assertConnections(few);
    leave("w3");
    settle();
    assertConnections(few);
  }

  /** The caps are lowered below the number of workers, and raised again. */
  @Test
  void capsThatChangeMoveLanes() {
    Settings many = settings(24, 24);
    Settings few = settings(1, 3);
    for (int count = 1; count <= 4; count++) {
      join("w" + count, many);
    }
    settle();
    assertConnections(many);
    workers.values().forEach(it -> configure(it, few));
    settle();
    assertConnections(few);
    workers.values().forEach(it -> configure(it, many));
    settle();
    assertConnections(many);
    assertWholeAndAlike();
  }

  private void assertConnections(Settings settings) {
    for (String server : List.of("a", "b")) {
      int cap = settings.servers().get(server).limits().maxConnections();
      assertThat(
              owned.values().stream()
                  .mapToInt(part -> ConnectionShare.of(settings, server, part).connections())
                  .sum())
          .as("connections to %s of %s workers", server, workers.size())
          .isEqualTo(cap);
    }
    Set<TopicPartition> all = new HashSet<>();
    owned.values().forEach(all::addAll);
    assertThat(all).isEqualTo(lanes(LANES));
  }

  @Test
  void workersOfOtherLanesAreServedToo() {
    join("w1");
    Map<String, Subscription> members = new HashMap<>();
    members.put("w1", subscription("w1", LANES));
    members.put("w2", subscription("w1", LANES.subList(0, 1)));

    Map<String, Assignment> given = assign("w1", members);

    assertThat(given.get("w1").partitions().size() + given.get("w2").partitions().size())
        .isEqualTo(LANES.size() * PARTITIONS);
    assertThat(given.get("w2").partitions()).allMatch(it -> it.topic().equals(LANES.getFirst()));
  }

  private void join(String worker) {
    join(worker, SETTINGS);
  }

  private void join(String worker, Settings settings) {
    LaneAssignor assignor = new LaneAssignor();
    configure(assignor, settings);
    workers.put(worker, assignor);
    owned.put(worker, Set.of());
  }

  private static void configure(LaneAssignor assignor, Settings settings) {
    assignor.configure(Map.of(LaneAssignor.SETTINGS, (Supplier<Settings>) () -> settings));
  }

  private static Settings settings(int connectionsToA, int connectionsToB) {
    String yaml =
        """
        kafka: { partitions: 12 }
        servers: { a: { host: h, max-connections: %d }, b: { host: h, max-connections: %d } }
        routes: { default: { primary: a, secondary: b }, bulk: { primary: b, secondary: a } }
        """
            .formatted(connectionsToA, connectionsToB);
    return ((SettingsResult.Valid) SettingsReader.read("test", yaml, Map.of())).settings();
  }

  private void leave(String worker) {
    workers.remove(worker);
    owned.remove(worker);
  }

  /** Rebalances until nothing has to be given up any more, as the cooperative protocol does. */
  private void settle() {
    for (int round = 0; round < 5; round++) {
      Map<String, Subscription> members = new HashMap<>();
      workers.keySet().forEach(worker -> members.put(worker, subscription(worker, LANES)));
      Map<String, Assignment> given = assign(workers.keySet().iterator().next(), members);
      generation++;
      boolean again = false;
      for (String worker : workers.keySet()) {
        Set<TopicPartition> next = Set.copyOf(given.get(worker).partitions());
        for (Map.Entry<String, Set<TopicPartition>> other : owned.entrySet()) {
          assertThat(other.getKey().equals(worker) || disjoint(other.getValue(), next))
              .as("given to %s while %s owns it", worker, other.getKey())
              .isTrue();
        }
        again |= !next.containsAll(owned.get(worker));
      }
      for (String worker : workers.keySet()) {
        owned.put(worker, Set.copyOf(given.get(worker).partitions()));
      }
      if (!again) {
        return;
      }
    }
    throw new AssertionError("the group does not come to rest");
  }

  private void assertWholeAndAlike() {
    Map<String, Set<Integer>> numbers = new TreeMap<>();
    owned.forEach((worker, part) ->
        numbers.put(
            worker, part.stream().map(TopicPartition::partition).collect(Collectors.toSet())));
    owned.forEach((worker, part) -> {
      Set<TopicPartition> all = new HashSet<>();
      numbers
          .get(worker)
          .forEach(number -> LANES.forEach(lane -> all.add(new TopicPartition(lane, number))));
      assertThat(part).as("all lanes of its numbers").isEqualTo(all);
      assertThat(numbers.get(worker).size())
          .isBetween(PARTITIONS / workers.size(), -Math.floorDiv(-PARTITIONS, workers.size()));
    });
    assertThat(numbers.values().stream().mapToInt(Set::size).sum()).isEqualTo(PARTITIONS);
  }

  private Map<String, Assignment> assign(String leader, Map<String, Subscription> members) {
    return workers.get(leader).assign(cluster(), new GroupSubscription(members)).groupAssignment();
  }

  private Subscription subscription(String worker, List<String> lanes) {
    return new Subscription(
        lanes,
        workers.get(worker).subscriptionUserData(Set.copyOf(lanes)),
        List.copyOf(owned.get(worker)),
        generation,
        Optional.empty());
  }

  private static Set<TopicPartition> lanes(List<String> lanes) {
    Set<TopicPartition> all = new HashSet<>();
    for (String lane : lanes) {
      for (int number = 0; number < PARTITIONS; number++) {
        all.add(new TopicPartition(lane, number));
      }
    }
    return all;
  }

  private static boolean disjoint(Set<TopicPartition> one, Set<TopicPartition> other) {
    return one.stream().noneMatch(other::contains);
  }

  private static Cluster cluster() {
    List<PartitionInfo> all = new ArrayList<>();
    lanes(LANES)
        .forEach(it ->
            all.add(
                new PartitionInfo(
                    it.topic(), it.partition(), Node.noNode(), new Node[0], new Node[0])));
    return new Cluster("c", List.of(), all, Set.of(), Set.of());
  }
}
