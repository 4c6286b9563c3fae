package io.tandemmail.runtime.safety;

import io.tandemmail.model.safety.ClusterFacts;
import io.tandemmail.model.safety.ClusterRules;
import io.tandemmail.model.safety.Finding;
import io.tandemmail.model.safety.TopicFacts;
import io.tandemmail.model.settings.Settings;
import io.tandemmail.runtime.kafka.AdminAnswers;
import io.tandemmail.runtime.kafka.KafkaClients;
import io.tandemmail.runtime.topics.TopicCatalog;
import io.tandemmail.runtime.topics.TopicSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigResource;

/**
 * What the brokers say of themselves and of the topics that hold mail, positions and the routers' stores.
 *
 * <p>A service may lack the right to ask, a broker may be away, a topic may not be there yet: each is said in
 * {@link Report#unseen()} and none keeps a service from starting.
 */
public final class ClusterSurvey {
  private static final Set<String> KAFKAS_OWN = Set.of("__consumer_offsets", "__transaction_state");
  private static final String STORES = KafkaClients.ROUTER_APPLICATION + "-";

  private final Admin admin;
  private final AdminAnswers answers;

  private ClusterSurvey(Admin admin, Duration within) {
    this.admin = admin;
    this.answers = AdminAnswers.within(within);
  }

  /**
   * @param unseen what could not be read, one line each
   */
  public record Report(List<Finding> findings, List<String> unseen) {
    public Report {
      findings = List.copyOf(findings);
      unseen = List.copyOf(unseen);
    }
  }

  /**
   * @param settings with Kafka's address filled in
   * @param within for all questions together
   */
  public static Report report(Settings settings, Duration within) {
    Admin admin = KafkaClients.admin(settings.kafka(), "tandem-safety");
    try {
      ClusterFacts facts = new ClusterSurvey(admin, within).facts(settings);
      return new Report(
          ClusterRules.findings(facts, settings.kafka().properties(), settings.demands()),
          facts.unseen());
    } finally {
      // A plain close waits for unanswered questions, long after our own time.
      admin.close(Duration.ZERO);
    }
  }

  private ClusterFacts facts(Settings settings) {
    Collection<Node> nodes =
        answers.of(admin.describeCluster().nodes(), "the list of brokers").orElse(List.of());
    Map<String, String> broker =
        nodes.stream()
            .findFirst()
            .map(node -> new ConfigResource(ConfigResource.Type.BROKER, node.idString()))
            .map(one -> configs(List.of(one)).getOrDefault(one, Map.of()))
            .orElse(Map.of());
    List<TopicFacts> topics = topics(settings);
    return new ClusterFacts(nodes.size(), broker, topics, answers.unseen());
  }

  private List<TopicFacts> topics(Settings settings) {
    Optional<Set<String>> there =
        answers.of(
            admin.listTopics(new ListTopicsOptions().listInternal(true)).names(),
            "the list of topics");
    if (there.isEmpty()) {
      return List.of();
    }
    Set<String> wanted =
        TopicCatalog.wanted(settings).stream()
            .map(TopicSpec::name)
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> names = new TreeSet<>(there.get());
    names.removeIf(
        name -> !wanted.contains(name) && !KAFKAS_OWN.contains(name) && !name.startsWith(STORES));
    wanted.removeAll(names);
    if (!wanted.isEmpty()) {
      answers.miss("not there, or not ours to see: " + String.join(", ", wanted));
    }
    Map<ConfigResource, Map<String, String>> configs =
        configs(names.stream().map(ClusterSurvey::topic).toList());
    List<TopicFacts> topics = new ArrayList<>();
    new TreeMap<>(admin.describeTopics(names).topicNameValues())
        .forEach((name, described) ->
            answers
                .of(described, "topic " + name)
                .ifPresent(found ->
                    topics.add(
                        new TopicFacts(
                            name, replicas(found), configs.getOrDefault(topic(name), Map.of())))));
    return topics;
  }

  private Map<ConfigResource, Map<String, String>> configs(List<ConfigResource> of) {
    Map<ConfigResource, Map<String, String>> read = new HashMap<>();
    admin
        .describeConfigs(of)
        .values()
        .forEach((resource, config) ->
            answers
                .of(config, "the settings of " + name(resource))
                .ifPresent(found -> read.put(resource, values(found))));
    return read;
  }

  private static Map<String, String> values(Config config) {
    Map<String, String> values = new HashMap<>();
    for (ConfigEntry entry : config.entries()) {
      // A secret comes without its value.
      if (entry.value() != null) {
        values.put(entry.name(), entry.value());
      }
    }
    return values;
  }

  private static int replicas(TopicDescription topic) {
    return topic.partitions().stream().mapToInt(p -> p.replicas().size()).min().orElse(0);
  }

  private static ConfigResource topic(String name) {
    return new ConfigResource(ConfigResource.Type.TOPIC, name);
  }

  private static String name(ConfigResource resource) {
    return resource.type() == ConfigResource.Type.BROKER
        ? "broker " + resource.name()
        : "topic " + resource.name();
  }
}
