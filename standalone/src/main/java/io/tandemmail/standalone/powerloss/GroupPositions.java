package io.tandemmail.standalone.powerloss;

import io.tandemmail.model.wire.Topics;
import io.tandemmail.runtime.kafka.KafkaClients;
import io.tandemmail.worker.lane.CommitMetadata;
import io.tandemmail.worker.lane.Positions;
import io.tandemmail.worker.quarantine.Suspicion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/**
 * Where router and workers go on: behind all that stands in their topics, because the router puts into them anew what is not
 * done. A worker's position says too from where its ledger counts: the outcomes on disk name records of a lane that may have
 * lost them, and new mail gets their offsets; read as the ledger of these, they would make waiting mail look sent (I1).
 *
 * @param ends of every partition of Tandem's topics
 */
record GroupPositions(Admin admin, Map<TopicPartition, Long> ends) {

  static GroupPositions atTheEnds(Admin admin) {
    Set<String> ours =
        Waiting.answer(admin.listTopics().names()).stream()
            .filter(topic -> topic.startsWith("mail."))
            .collect(Collectors.toSet());
    Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
    partitions(admin, ours).forEach(partition -> asked.put(partition, OffsetSpec.latest()));
    Map<TopicPartition, Long> ends = new HashMap<>();
    Waiting.answer(admin.listOffsets(asked).all())
        .forEach((partition, end) -> ends.put(partition, end.offset()));
    return new GroupPositions(admin, ends);
  }

  static List<TopicPartition> partitions(Admin admin, Set<String> topics) {
    List<TopicPartition> partitions = new ArrayList<>();
    Waiting.answer(admin.describeTopics(topics).allTopicNames())
        .forEach((name, topic) ->
            topic
                .partitions()
                .forEach(each -> partitions.add(new TopicPartition(name, each.partition()))));
    return partitions;
  }

  static boolean routerIsPast(Admin admin, Map<TopicPartition, Long> offsets) {
    Map<TopicPartition, OffsetAndMetadata> committed =
        Waiting.answer(
            admin
                .listConsumerGroupOffsets(KafkaClients.ROUTER_APPLICATION)
                .partitionsToOffsetAndMetadata());
    return offsets.entrySet().stream()
        .allMatch(wanted -> {
          OffsetAndMetadata position = committed.get(wanted.getKey());
          return position != null && position.offset() >= wanted.getValue();
        });
  }

  Map<TopicPartition, Long> endsOf(String topic) {
    return ends.entrySet().stream()
        .filter(end -> end.getKey().topic().equals(topic))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  void commit() {
    Map<TopicPartition, OffsetAndMetadata> router = new HashMap<>();
    Map<TopicPartition, OffsetAndMetadata> workers = new HashMap<>();
    ends.forEach((partition, end) -> {
      if (Topics.isLane(partition.topic())) {
        workers.put(partition, laneEnd(partition.partition(), end));
      } else {
        switch (partition.topic()) {
          case Topics.SUBMITTED, Topics.RETURNED, Topics.OUTCOMES, Topics.SERVER_OBSERVATIONS ->
              router.put(partition, new OffsetAndMetadata(end));
          // Orders of operators stand; each server's last one is told again.
          case Topics.SERVER_COMMANDS -> router.put(partition, new OffsetAndMetadata(0));
          default -> {}
        }
      }
    });
    commit(KafkaClients.ROUTER_APPLICATION, router);
    commit(KafkaClients.WORKER_GROUP, workers);
  }

  private OffsetAndMetadata laneEnd(int partition, long end) {
    Positions behind =
        new Positions(end(Topics.OUTCOMES, partition), end(Topics.RETURNED, partition));
    return new OffsetAndMetadata(
        end, new CommitMetadata(behind, Suspicion.NONE, CommitMetadata.Owner.GONE, 0).write());
  }

  private long end(String topic, int partition) {
    return Objects.requireNonNull(ends.get(new TopicPartition(topic, partition)));
  }

  /** The group may still count members that died with the machine. */
  private void commit(String group, Map<TopicPartition, OffsetAndMetadata> positions) {
    Waiting.until(
        "set the positions of " + group,
        () -> {
          try {
            // To be asked to remove all of none is an error to Kafka's client.
            if (Waiting.answer(admin.describeConsumerGroups(List.of(group)).all()).values().stream()
                .anyMatch(described -> !described.members().isEmpty())) {
              Waiting.answer(
                  admin
                      .removeMembersFromConsumerGroup(
                          group, new RemoveMembersFromConsumerGroupOptions())
                      .all());
            }
          } catch (GroupIdNotFoundException nobodyYet) {
            // Then there is nobody to remove.
          }
          Waiting.answer(admin.alterConsumerGroupOffsets(group, positions).all());
          return true;
        });
  }
}
