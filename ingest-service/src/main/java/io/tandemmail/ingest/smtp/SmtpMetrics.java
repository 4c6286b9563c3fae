package io.tandemmail.ingest.smtp;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tandemmail.ingest.dialogue.Reply;
import java.util.function.Supplier;

/** What the listener counts. */
final class SmtpMetrics {
  private final Counter accepted;
  private final Counter refused;
  private final Counter deferred;
  private final Counter turnedAway;

  SmtpMetrics(MeterRegistry registry, Supplier<Number> connections) {
    accepted = messages(registry, "accepted");
    refused = messages(registry, "refused");
    deferred = messages(registry, "deferred");
    turnedAway =
        Counter.builder("tandem.ingest.smtp.turned.away")
            .description("Connections beyond ingest.smtp.max-connections")
            .register(registry);
    Gauge.builder("tandem.ingest.smtp.connections", connections)
        .description("Open SMTP connections")
        .register(registry);
  }

  /** The reply behind a message's content. */
  void answered(Reply reply) {
    (reply.code() < 400 ? accepted : reply.code() < 500 ? deferred : refused).increment();
  }

  void turnedAway() {
    turnedAway.increment();
  }

  private static Counter messages(MeterRegistry registry, String result) {
    return Counter.builder("tandem.ingest.smtp.messages")
        .description("Messages whose content came by SMTP: durable, refused, or to be sent again")
        .tag("result", result)
        .register(registry);
  }
}
