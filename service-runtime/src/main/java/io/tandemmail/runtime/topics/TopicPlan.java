package io.tandemmail.runtime.topics;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The difference between the topics wanted and those there. Pure.
 *
 * @param unchanged how many are as wanted
 */
public record TopicPlan(List<TopicChange> changes, int unchanged) {

  public TopicPlan {
    changes = List.copyOf(changes);
  }

  /** One difference. */
  public sealed interface TopicChange {
    String topic();

    record Create(TopicSpec spec) implements TopicChange {
      @Override
      public String topic() {
        return spec.name();
      }
    }

    record AlterConfig(String topic, String key, Optional<String> from, String to)
        implements TopicChange {}

    /** Not altered by us: more partitions would move ids to other homes, fewer do not exist. */
    record Mismatch(String topic, String what, String remedy) implements TopicChange {}
  }

  /** A topic as the broker describes it. */
  public record ActualTopic(int partitions, int replicationFactor, Map<String, String> config) {}

  public static TopicPlan compare(List<TopicSpec> wanted, Map<String, ActualTopic> actual) {
    List<TopicChange> changes = new ArrayList<>();
    int unchanged = 0;
    for (TopicSpec spec : wanted) {
      ActualTopic found = actual.get(spec.name());
      List<TopicChange> differences =
          found == null ? List.of(new TopicChange.Create(spec)) : differences(spec, found);
      changes.addAll(differences);
      unchanged += differences.isEmpty() ? 1 : 0;
    }
    return new TopicPlan(changes, unchanged);
  }

  public boolean isClean() {
    return changes.isEmpty();
  }

  public List<TopicChange.Mismatch> mismatches() {
    return changes.stream()
        .filter(TopicChange.Mismatch.class::isInstance)
        .map(TopicChange.Mismatch.class::cast)
        .toList();
  }

  /** A table for people, one line per difference. */
  public String text() {
    StringBuilder table = new StringBuilder();
    for (TopicChange change : changes) {
      table.append(
          switch (change) {
            case TopicChange.Create create ->
                "create  %-42s %d partitions, replication factor %d%n"
                    .formatted(
                        create.topic(),
                        create.spec().partitions(),
                        create.spec().replicationFactor());
            case TopicChange.AlterConfig alter ->
                "alter   %-42s %s: %s -> %s%n"
                    .formatted(
                        alter.topic(), alter.key(), alter.from().orElse("(unset)"), alter.to());
            case TopicChange.Mismatch mismatch ->
                "PROBLEM %-42s %s; %s%n"
                    .formatted(mismatch.topic(), mismatch.what(), mismatch.remedy());
          });
    }
    return table.append(unchanged).append(" topics are as wanted\n").toString();
  }

  private static List<TopicChange> differences(TopicSpec spec, ActualTopic found) {
    List<TopicChange> differences = new ArrayList<>();
    if (found.partitions() != spec.partitions()) {
      String what =
          "has " + found.partitions() + " partitions, the configuration says " + spec.partitions();
      differences.add(
          new TopicChange.Mismatch(
              spec.name(), what, "set kafka.partitions to what is there; ids live by it"));
    }
    if (found.replicationFactor() != spec.replicationFactor()) {
      String what =
          "has replication factor "
              + found.replicationFactor()
              + ", wanted "
              + spec.replicationFactor();
      differences.add(new TopicChange.Mismatch(spec.name(), what, "use kafka-reassign-partitions"));
    }
    spec.config()
        .forEach((key, value) -> {
          Optional<String> from = Optional.ofNullable(found.config().get(key));
          if (!from.equals(Optional.of(value))) {
            differences.add(new TopicChange.AlterConfig(spec.name(), key, from, value));
          }
        });
    return differences;
  }
}
