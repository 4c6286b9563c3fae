package io.tandemmail.runtime.config;

import io.tandemmail.model.service.ServicePresence;
import io.tandemmail.model.settings.KafkaSettings;
import io.tandemmail.model.settings.Settings;
import io.tandemmail.runtime.config.ConfigFile.Refused;
import io.tandemmail.runtime.kafka.KafkaClients;
import io.tandemmail.runtime.topics.TopicAdmin;
import io.tandemmail.runtime.topics.TopicPlan.TopicChange;
import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;

/** What has to be true outside a service of a cluster before it takes on a configuration. */
public final class Gates {
  private Gates() {}

  /** The topics are there: a router must not place mail in a lane that is not. */
  public static ConfigFile.Gate topicsExist(KafkaSettings kafka, String clientId) {
    return next -> {
      List<String> missing = missing(kafka, clientId, next);
      if (!missing.isEmpty()) {
        throw Refused.untilLater(
            "it needs topics that are not there: "
                + String.join(", ", missing)
                + "; run tandem topics apply with this file");
      }
    };
  }

  /** Every router runs it: what is accepted for a new route would be refused by a router that does not know it yet. */
  public static ConfigFile.Gate routersRunIt(Supplier<List<ServicePresence>> routers) {
    return next -> {
      List<String> behind =
          routers.get().stream()
              .filter(router -> !router.configHash().equals(next.hash()))
              .map(ServicePresence::instance)
              .toList();
      if (!behind.isEmpty()) {
        throw Refused.untilLater("routers do not run it yet: " + String.join(", ", behind));
      }
    };
  }

  private static List<String> missing(KafkaSettings kafka, String clientId, Settings next)
      throws Refused {
    try (Admin admin = KafkaClients.admin(kafka, clientId + "-reload")) {
      return new TopicAdmin(admin)
          .plan(next).changes().stream()
              .filter(TopicChange.Create.class::isInstance)
              .map(TopicChange::topic)
              .toList();
    } catch (TopicAdmin.ClusterUnavailable e) {
      throw Refused.untilLater("the topics cannot be looked at: " + e.getMessage());
    }
  }
}
