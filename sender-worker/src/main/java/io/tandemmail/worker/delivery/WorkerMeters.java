package io.tandemmail.worker.delivery;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.tandemmail.model.outcome.Outcome;
import io.tandemmail.model.outcome.OutcomeType;
import io.tandemmail.worker.compose.MessageContent;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What a worker measures (docs/contract.md, "Metrics"). */
public final class WorkerMeters {
  private static final Duration[] DELIVERY_BUCKETS = {
    Duration.ofMillis(100),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofSeconds(5),
    Duration.ofSeconds(30),
    Duration.ofMinutes(5),
    Duration.ofHours(1)
  };
  private static final Duration[] TRANSACTION_BUCKETS = {
    Duration.ofMillis(1),
    Duration.ofMillis(5),
    Duration.ofMillis(20),
    Duration.ofMillis(100),
    Duration.ofMillis(500),
    Duration.ofSeconds(2),
    Duration.ofSeconds(10)
  };

  private final MeterRegistry registry;
  private final Map<String, Timer> deliveries = new ConcurrentHashMap<>();
  private final Map<String, Timer> transactions = new ConcurrentHashMap<>();
  private final Map<String, Counter> signings = new ConcurrentHashMap<>();

  public WorkerMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  void transaction(String server, Duration took) {
    transactions
        .computeIfAbsent(
            server,
            id ->
                Timer.builder("tandem.smtp.transaction")
                    .description("One mail transaction, MAIL to the final reply")
                    .tag("server", id)
                    .serviceLevelObjectives(TRANSACTION_BUCKETS)
                    .register(registry))
        .record(took);
  }

  /** Of routes that sign only. */
  public void dkim(String route, MessageContent.Signing result) {
    String label =
        switch (result) {
          case SIGNED -> "signed";
          case NO_KEY -> "no-key";
        };
    signings
        .computeIfAbsent(
            route + "/" + label,
            key ->
                Counter.builder("tandem.dkim")
                    .description("Attempts of routes with DKIM keys, by whether a key fitted")
                    .tag("route", route)
                    .tag("result", label)
                    .register(registry))
        .increment();
  }

  void outcome(Outcome outcome, String server) {
    if (outcome.type() == OutcomeType.DELIVERED) {
      deliveries
          .computeIfAbsent(
              outcome.route() + "/" + server,
              key ->
                  Timer.builder("tandem.delivery")
                      .description("Submission to the server's final reply")
                      .tag("route", outcome.route())
                      .tag("server", server)
                      .serviceLevelObjectives(DELIVERY_BUCKETS)
                      .register(registry))
          .record(Duration.between(outcome.submittedAt(), outcome.at()));
    } else if (outcome.type() == OutcomeType.IN_DOUBT) {
      Counter.builder("tandem.in.doubt")
          .description(
              "Sent, or perhaps sent, and no reply known: the recipient may get a second copy")
          .tag("server", server)
          .tag("cause", outcome.reply().isPresent() ? "no-reply" : "worker-died")
          .register(registry)
          .increment();
    }
  }
}
