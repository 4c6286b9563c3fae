package io.tandemmail.runtime.topics;

import io.tandemmail.model.settings.Settings;
import io.tandemmail.runtime.topics.TopicPlan.ActualTopic;
import io.tandemmail.runtime.topics.TopicPlan.TopicChange;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;

/** Asks the cluster for its topics and makes the plan true. Applying twice changes nothing the second time. */
public final class TopicAdmin {
  private static final long CALL_SECONDS = 30;

  private final Admin admin;

  public TopicAdmin(Admin admin) {
    this.admin = admin;
  }

  /** The cluster could not be asked or did not do as told. */
  public static final class ClusterUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1;

    ClusterUnavailable(String message, Throwable cause) {
      super(message, cause);
    }
  }

  public TopicPlan plan(Settings settings) {
    List<TopicSpec> wanted = TopicCatalog.wanted(settings);
    return TopicPlan.compare(wanted, actual(wanted.stream().map(TopicSpec::name).toList()));
  }

  /** Creates and alters; what it must not touch stays in the returned plan's mismatches. */
  public TopicPlan apply(Settings settings) {
    TopicPlan plan = plan(settings);
    List<NewTopic> created = new ArrayList<>();
    Map<ConfigResource, Collection<AlterConfigOp>> altered = new HashMap<>();
    for (TopicChange change : plan.changes()) {
      switch (change) {
        case TopicChange.Create create -> created.add(newTopic(create.spec()));
        case TopicChange.AlterConfig alter ->
            altered
                .computeIfAbsent(resource(alter.topic()), topic -> new ArrayList<>())
                .add(
                    new AlterConfigOp(
                        new ConfigEntry(alter.key(), alter.to()), AlterConfigOp.OpType.SET));
        case TopicChange.Mismatch mismatch -> {}
      }
    }
    create(created);
    if (!altered.isEmpty()) {
      await(admin.incrementalAlterConfigs(altered).all(), "alter topics");
    }
    awaitVisible(created);
    return plan;
  }

  private void create(List<NewTopic> topics) {
    admin
        .createTopics(topics)
        .values()
        .forEach((name, created) -> {
          try {
            created.get(CALL_SECONDS, TimeUnit.SECONDS);
          } catch (ExecutionException e) {
            // Somebody else applied at the same moment.
            if (!(e.getCause() instanceof TopicExistsException)) {
              throw new ClusterUnavailable(
                  "cannot create "
                      + name
                      + ": "
                      + Objects.requireNonNullElse(e.getCause(), e).getMessage(),
                  e);
            }
          } catch (TimeoutException e) {
            throw new ClusterUnavailable("cannot create " + name + ": no answer", e);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClusterUnavailable("interrupted while creating " + name, e);
          }
        });
  }

  private void awaitVisible(List<NewTopic> topics) {
    Set<String> names = topics.stream().map(NewTopic::name).collect(Collectors.toSet());
    for (int attempt = 0; attempt < 100 && !names.isEmpty(); attempt++) {
      if (actual(names).keySet().containsAll(names)) {
        return;
      }
      pause();
    }
  }

  private Map<String, ActualTopic> actual(Collection<String> names) {
    Set<String> present = new HashSet<>(await(admin.listTopics().names(), "list topics"));
    present.retainAll(names);
    Map<String, TopicDescription> described =
        await(admin.describeTopics(present).allTopicNames(), "describe topics");
    Map<ConfigResource, Config> configs =
        await(
            admin.describeConfigs(present.stream().map(TopicAdmin::resource).toList()).all(),
            "describe topics");
    Map<String, ActualTopic> actual = new HashMap<>();
    described.forEach((name, topic) -> {
      Map<String, String> config = new HashMap<>();
      for (ConfigEntry entry : Objects.requireNonNull(configs.get(resource(name))).entries()) {
        // Unset topic settings follow the broker's default, which may change under us: only what is
        // set counts.
        if (entry.source() == ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG) {
          config.put(entry.name(), entry.value());
        }
      }
      int replicas = topic.partitions().getFirst().replicas().size();
      actual.put(name, new ActualTopic(topic.partitions().size(), replicas, config));
    });
    return actual;
  }

  private static NewTopic newTopic(TopicSpec spec) {
    return new NewTopic(spec.name(), spec.partitions(), spec.replicationFactor())
        .configs(spec.config());
  }

  private static ConfigResource resource(String topic) {
    return new ConfigResource(ConfigResource.Type.TOPIC, topic);
  }

  private static <T> T await(KafkaFuture<T> answer, String what) {
    try {
      return answer.get(CALL_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new ClusterUnavailable(
          "cannot " + what + ": " + Objects.requireNonNullElse(e.getCause(), e).getMessage(), e);
    } catch (TimeoutException e) {
      throw new ClusterUnavailable(
          "cannot " + what + ": the cluster gave no answer in " + CALL_SECONDS + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClusterUnavailable("interrupted while trying to " + what, e);
    }
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(50);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClusterUnavailable("interrupted while waiting for topics", e);
    }
  }
}
