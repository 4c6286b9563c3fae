package io.tandemmail.worker.watch;

import io.tandemmail.model.server.DriftJson;
import io.tandemmail.model.server.ParityReport;
import io.tandemmail.model.server.ServerJson;
import io.tandemmail.model.server.ServerObservation;
import io.tandemmail.model.settings.Settings;
import io.tandemmail.model.wire.Topics;
import io.tandemmail.smtp.ConnectResult;
import io.tandemmail.smtp.ServerEndpoint;
import io.tandemmail.smtp.SmtpTransport;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A watch per server, the reporting, and the probes: connect, EHLO, STARTTLS and AUTH, QUIT. */
public final class Watches implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Watches.class);
  private static final long REPORT_EVERY_MILLIS = 500;
  private static final Duration PROBE_WAIT_MIN = Duration.ofSeconds(1);

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
    Duration interval = settings.health().probeInterval();
    settings
        .servers()
        .values()
        .forEach(server -> {
          ServerWatch watch = new ServerWatch(server.id(), instance, watches::report);
          watches.watches.put(server.id(), watch);
          Duration wait = interval.compareTo(PROBE_WAIT_MIN) > 0 ? interval : PROBE_WAIT_MIN;
          ServerEndpoint endpoint = ServerEndpoint.of(server, ehloName).within(wait);
          Runnable probe = watches.probe(endpoint, watch, interval.toNanos());
          watches.timer.scheduleAtFixedRate(
              probe, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
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

  /** One probe at a time per server; none while traffic proves the server well. */
  private Runnable probe(ServerEndpoint endpoint, ServerWatch watch, long intervalNanos) {
    AtomicBoolean underWay = new AtomicBoolean();
    return () -> {
      if (!watch.succeededWithin(intervalNanos) && underWay.compareAndSet(false, true)) {
        Thread.ofVirtual()
            .name("probe-" + endpoint.server().id())
            .start(() -> {
              try {
                probeOnce(endpoint, watch);
              } finally {
                underWay.set(false);
              }
            });
      }
    };
  }

  private void probeOnce(ServerEndpoint endpoint, ServerWatch watch) {
    switch (transport.connect(endpoint)) {
      case ConnectResult.Connected connected -> {
        connected.session().close();
        watch.succeeded(ServerObservation.Kind.PROBE);
      }
      case ConnectResult.Refused refused ->
          watch.failed(
              ServerObservation.Kind.PROBE, refused.reply() + " at " + refused.phase().wireName());
      case ConnectResult.Unreachable unreachable ->
          watch.failed(ServerObservation.Kind.PROBE, unreachable.fault().toString());
    }
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
