package io.tandemmail.model.safety;

import java.util.List;
import java.util.Map;

/**
 * What the brokers said.
 *
 * @param brokers how many there are; 0 when they did not say
 * @param brokerConfig the settings in force of one of them; empty when they may not be read
 * @param topics those that are there: Tandem's and Kafka's own
 * @param unseen what could not be asked, and why
 */
public record ClusterFacts(
    int brokers, Map<String, String> brokerConfig, List<TopicFacts> topics, List<String> unseen) {
  public ClusterFacts {
    brokerConfig = Map.copyOf(brokerConfig);
    topics = List.copyOf(topics);
    unseen = List.copyOf(unseen);
  }
}
