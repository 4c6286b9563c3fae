package io.tandemmail.worker.watch;

import io.tandemmail.model.server.DriftJson;
import io.tandemmail.model.server.ParityReport;
import io.tandemmail.model.server.ServerJson;
import io.tandemmail.model.server.ServerObservation;
import io.tandemmail.model.settings.HealthSettings;
import io.tandemmail.model.settings.Settings;
import io.tandemmail.model.wire.Topics;
import io.tandemmail.smtp.ConnectResult;
import io.tandemmail.smtp.ServerEndpoint;
import io.tandemmail.smtp.SmtpTransport;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A watch per server, the reporting, and the probes: connect, EHLO, STARTTLS and AUTH, QUIT. */
public final class Watches implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Watches.class);
  private static final long REPORT_EVERY_MILLIS = 500;
  private static final long LOOK_EVERY_MILLIS = 50;

  private final Producer<byte[], byte[]> producer;
  private final SmtpTransport transport;
  private final Map<String, ServerWatch> watches = new TreeMap<>();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("watch").factory());

  private Watches(Producer<byte[], byte[]> producer, SmtpTransport transport) {
    this.producer = producer;
    this.transport = transport;
  }

  public static Watches start(
      Settings settings,
      String instance,
      String ehloName,
      Producer<byte[], byte[]> producer,
      SmtpTransport transport) {
    Watches watches = new Watches(producer, transport);
    HealthSettings health = settings.health();
    ProbePace pace = new ProbePace(health.probeInterval(), health.downAfterFailures());
    settings
        .servers()
        .values()
        .forEach(server -> {
          ServerWatch watch =
              new ServerWatch(server.id(), instance, watches::report, System::nanoTime);
          watches.watches.put(server.id(), watch);
          ServerEndpoint endpoint =
              ServerEndpoint.of(server, ehloName).within(health.probeTimeout());
          watches.timer.scheduleAtFixedRate(
              () -> watches.probeWhenDue(endpoint, watch, pace),
              Math.min(health.probeInterval().toMillis(), REPORT_EVERY_MILLIS),
              LOOK_EVERY_MILLIS,
              TimeUnit.MILLISECONDS);
        });
    watches.timer.scheduleAtFixedRate(
        () -> watches.watches.values().forEach(ServerWatch::flush),
        REPORT_EVERY_MILLIS,
        REPORT_EVERY_MILLIS,
        TimeUnit.MILLISECONDS);
    return watches;
  }

  public ServerWatch of(String server) {
    ServerWatch watch = watches.get(server);
    if (watch == null) {
      throw new IllegalArgumentException("server " + server + " is not configured");
    }
    return watch;
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }

  private void probeWhenDue(ServerEndpoint endpoint, ServerWatch watch, ProbePace pace) {
    if (watch.beginProbe(pace)) {
      Thread.ofVirtual()
          .name("probe-" + endpoint.server().id())
          .start(() -> probe(transport, endpoint, watch));
    }
  }

  /** One probe that has begun. */
  static void probe(SmtpTransport transport, ServerEndpoint endpoint, ServerWatch watch) {
    String fault;
    try {
      switch (transport.connect(endpoint)) {
        case ConnectResult.Connected connected -> {
          connected.session().close();
          watch.probeSucceeded(transport.oddity(endpoint).orElse(""));
          return;
        }
        case ConnectResult.Refused refused ->
            fault = refused.reply() + " at " + refused.phase().wireName();
        case ConnectResult.Unreachable unreachable -> fault = unreachable.fault().toString();
      }
    } catch (RuntimeException bug) {
      watch.probeFailed("the probe failed: " + bug);
      throw bug;
    }
    watch.probeFailed(fault);
  }

  private void report(ServerObservation seen) {
    report(seen.server(), ServerJson.write(seen));
  }

  /** What was found when the servers of a route were compared. */
  public void report(ParityReport found) {
    report(found.server(), DriftJson.write(found));
  }

  private void report(String server, byte[] json) {
    try {
      byte[] key = server.getBytes(StandardCharsets.UTF_8);
      producer.send(
          new ProducerRecord<>(Topics.SERVER_OBSERVATIONS, key, json),
          (metadata, failure) -> {
            if (failure != null) {
              LOG.warn("cannot report on {}: {}", server, failure.getMessage());
            }
          });
    } catch (KafkaException | IllegalStateException e) {
      LOG.warn("cannot report on {}: {}", server, e.getMessage());
    }
  }
}
