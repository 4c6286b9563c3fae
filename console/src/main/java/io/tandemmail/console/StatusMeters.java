package io.tandemmail.console;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.tandemmail.console.ClusterStatus.RouteStatus;
import io.tandemmail.model.server.Drift;
import io.tandemmail.model.server.ServerHealth;
import io.tandemmail.model.server.ServerState;
import io.tandemmail.runtime.lanes.LaneLag;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;

/** The status as gauges (docs/contract.md, "Metrics"): what alerts watch is what {@code tandem status} shows. */
final class StatusMeters {
  private final MeterRegistry registry;
  private final BiFunction<String, Instant, Optional<Duration>> drillAge;
  private final Counter failures;
  private final Map<String, AtomicReference<Double>> values = new ConcurrentHashMap<>();

  /**
   * @param drillAge since the last drill of a route, at a time
   */
  StatusMeters(MeterRegistry registry, BiFunction<String, Instant, Optional<Duration>> drillAge) {
    this.drillAge = drillAge;
    this.registry = registry;
    this.failures =
        Counter.builder("tandem.status.failures")
            .description("Readings that Kafka did not answer")
            .register(registry);
  }

  void failed() {
    failures.increment();
  }

  void show(ClusterStatus status) {
    for (LaneLag lane : status.lanes()) {
      Tags tags = Tags.of("route", lane.route(), "server", lane.server());
      set("tandem.lane.lag", tags, (double) lane.lag());
      set("tandem.lane.oldest.age.seconds", tags, lane.oldestAgeSeconds().orElse(Double.NaN));
      set("tandem.lane.drain.seconds", tags, lane.drainSeconds().orElse(Double.POSITIVE_INFINITY));
    }
    for (ServerHealth server : status.servers()) {
      long problems = server.drift().stream().filter(Drift::isProblem).count();
      Tags its = Tags.of("server", server.server());
      set("tandem.parity.drift", its, (double) problems);
      set("tandem.parity.advice", its, (double) (server.drift().size() - problems));
      set("tandem.server.share", its, server.share());
      set("tandem.server.slow", its, server.slow() ? 1 : 0);
      for (ServerState state : ServerState.values()) {
        Tags tags = Tags.of("server", server.server(), "state", state.name());
        set("tandem.server.state", tags, server.state() == state ? 1 : 0);
      }
    }
    for (RouteStatus route : status.routes()) {
      set("tandem.unaccounted", Tags.of("route", route.id()), (double) route.unaccounted());
      double age =
          drillAge
              .apply(route.id(), status.at())
              .map(since -> (double) since.toSeconds())
              .orElse(Double.POSITIVE_INFINITY);
      set("tandem.drill.age.seconds", Tags.of("route", route.id()), age);
    }
  }

  private void set(String name, Tags tags, double value) {
    values
        .computeIfAbsent(
            name + tags,
            key -> {
              AtomicReference<Double> holder = new AtomicReference<>(value);
              Gauge.builder(name, holder, AtomicReference::get).tags(tags).register(registry);
              return holder;
            })
        .set(value);
  }
}
