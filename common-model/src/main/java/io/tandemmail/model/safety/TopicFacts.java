package io.tandemmail.model.safety;

import io.tandemmail.model.wire.Topics;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A topic as the brokers describe it.
 *
 * @param replicationFactor of its partition with the fewest replicas
 * @param config the settings in force, defaults of the brokers included
 */
public record TopicFacts(String name, int replicationFactor, Map<String, String> config) {
  private static final Set<String> TABLES =
      Set.of(
          Topics.SUPPRESSIONS, Topics.SERVER_COMMANDS, Topics.SERVER_HEALTH, Topics.ROUTE_COUNTS);

  public TopicFacts {
    config = Map.copyOf(config);
  }

  /** What lives on a topic, and so what it must survive. */
  enum Role {
    /** Messages: each record counts. */
    MAIL,
    /** Outcomes: the ledger that a new owner of a lane reads. */
    LEDGER,
    /** The last value of each key. */
    TABLE,
    /** Kafka's own: committed positions, transactions, changelogs of the router's stores. */
    INTERNAL,
    /** Soon replaced by newer news. */
    NEWS
  }

  Role role() {
    if (Topics.isLane(name)
        || Set.of(Topics.SUBMITTED, Topics.RETURNED, Topics.REJECTED).contains(name)) {
      return Role.MAIL;
    }
    if (name.equals(Topics.OUTCOMES)) {
      return Role.LEDGER;
    }
    if (TABLES.contains(name)) {
      return Role.TABLE;
    }
    return name.startsWith("mail.") ? Role.NEWS : Role.INTERNAL;
  }

  Optional<String> setting(String key) {
    return Optional.ofNullable(config.get(key));
  }
}
