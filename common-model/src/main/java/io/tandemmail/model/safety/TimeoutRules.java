package io.tandemmail.model.safety;

import io.tandemmail.model.safety.Finding.Grade;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Times that do not fit together. Kafka refuses them too, but only when the client is made, one client at a time, and
 * without saying that it is {@code kafka.properties} which changed one of two that fitted.
 */
final class TimeoutRules {
  private static final String DELIVERY = "delivery.timeout.ms";
  private static final String REQUEST = "request.timeout.ms";
  private static final String LINGER = "linger.ms";
  private static final long INGEST_PATIENCE_MILLIS = 5_000;
  private static final long COMMIT_INTERVAL_MILLIS = 500;

  /** A producer with the times it has when the user says nothing, in milliseconds. */
  private record Producer(String name, String prefix, long delivery, long request, long linger) {}

  private static final List<Producer> PRODUCERS =
      List.of(
          new Producer("ingest's", "", 4_500, 4_000, 2),
          new Producer("the worker's", "", 30_000, 10_000, 5),
          new Producer("the router's", "producer.", 120_000, 30_000, 1_000));

  private TimeoutRules() {}

  static List<Finding> findings(Map<String, String> properties) {
    List<Finding> found = new ArrayList<>();
    PRODUCERS.forEach(producer -> delivery(producer, properties).ifPresent(found::add));
    number(properties, "", DELIVERY)
        .filter(delivery -> delivery > INGEST_PATIENCE_MILLIS)
        .ifPresent(delivery ->
            found.add(
                ClientRules.finding(
                    Grade.WEAK,
                    DELIVERY,
                    Long.toString(delivery),
                    "an answer of ingest within 5 s while Kafka takes nothing (rule 1)",
                    "remove it; ingest sets 4500")));
    long session = number(properties, "", "session.timeout.ms").orElse(6_000L);
    number(properties, "", "heartbeat.interval.ms")
        .filter(heartbeat -> heartbeat >= session)
        .ifPresent(heartbeat ->
            found.add(
                ClientRules.finding(
                    Grade.UNSAFE,
                    "heartbeat.interval.ms",
                    Long.toString(heartbeat),
                    "that a worker keeps its lanes: its session of "
                        + session
                        + " ms ends first (I4)",
                    "write a quarter of session.timeout.ms")));
    number(properties, "producer.", "transaction.timeout.ms")
        .filter(timeout -> timeout < COMMIT_INTERVAL_MILLIS)
        .ifPresent(timeout ->
            found.add(
                ClientRules.finding(
                    Grade.UNSAFE,
                    asWritten(properties, "producer.", "transaction.timeout.ms"),
                    Long.toString(timeout),
                    "that a router runs: each transaction ends before its commit (I1)",
                    "remove it; Tandem sets 5000")));
    return found;
  }

  private static Optional<Finding> delivery(Producer producer, Map<String, String> properties) {
    Optional<Long> delivery = number(properties, producer.prefix(), DELIVERY);
    Optional<Long> request = number(properties, producer.prefix(), REQUEST);
    Optional<Long> linger = number(properties, producer.prefix(), LINGER);
    if (delivery.isEmpty() && request.isEmpty() && linger.isEmpty()) {
      return Optional.empty();
    }
    long whole = delivery.orElse(producer.delivery());
    long parts = request.orElse(producer.request()) + linger.orElse(producer.linger());
    return whole >= parts
        ? Optional.empty()
        : Optional.of(
            ClientRules.finding(
                Grade.UNSAFE,
                asWritten(
                    properties,
                    producer.prefix(),
                    delivery.isPresent() ? DELIVERY : request.isPresent() ? REQUEST : LINGER),
                Long.toString(delivery.or(() -> request).or(() -> linger).orElse(whole)),
                "that %s producer starts: its delivery.timeout.ms of %d is less than request.timeout.ms and linger.ms together, %d"
                    .formatted(producer.name(), whole, parts),
                "remove it, or make the three fit"));
  }

  private static String asWritten(Map<String, String> properties, String prefix, String name) {
    return properties.containsKey(prefix + name) ? prefix + name : name;
  }

  private static Optional<Long> number(Map<String, String> properties, String prefix, String name) {
    Optional<String> prefixed = Optional.ofNullable(properties.get(prefix + name));
    return Numbers.read(prefixed.or(() -> Optional.ofNullable(properties.get(name))));
  }
}
