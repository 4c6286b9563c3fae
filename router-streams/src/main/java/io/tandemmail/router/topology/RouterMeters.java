package io.tandemmail.router.topology;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.tandemmail.model.outcome.OutcomeMark;
import io.tandemmail.model.outcome.OutcomeType;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What the router counts: every outcome once, cluster-wide, because each is read by exactly one router. */
public final class RouterMeters {
  private final MeterRegistry registry;
  private final Map<Labels, Counter> outcomes = new ConcurrentHashMap<>();

  public RouterMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  void outcome(OutcomeMark outcome) {
    outcomes
        .computeIfAbsent(new Labels(outcome.route(), outcome.type()), this::register)
        .increment();
  }

  void failover(String route) {
    Counter.builder("tandem.failovers")
        .description("The route's primary left service; its secondary took over")
        .tag("route", route)
        .register(registry)
        .increment();
  }

  private Counter register(Labels labels) {
    return Counter.builder("tandem.messages")
        .description("Outcomes by type; accepted counts recipients taken in")
        .tag("route", labels.route)
        .tag("outcome", labels.type.wireName())
        .register(registry);
  }

  private record Labels(String route, OutcomeType type) {}
}
