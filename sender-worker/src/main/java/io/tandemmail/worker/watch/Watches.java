package io.tandemmail.worker.watch;

import io.tandemmail.model.server.DriftJson;
import io.tandemmail.model.server.ParityReport;
import io.tandemmail.model.server.ServerJson;
import io.tandemmail.model.server.ServerObservation;
import io.tandemmail.model.settings.HealthSettings;
import io.tandemmail.model.settings.ServerSettings;
import io.tandemmail.model.settings.Settings;
import io.tandemmail.model.wire.Topics;
import io.tandemmail.runtime.config.Live;
import io.tandemmail.runtime.log.OutageLog;
import io.tandemmail.smtp.ConnectResult;
import io.tandemmail.smtp.Phase;
import io.tandemmail.smtp.ServerEndpoint;
import io.tandemmail.smtp.SmtpTransport;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
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
  private final Live<Watched> watched;
  private final String instance;
  private final OutageLog outage = new OutageLog(LOG, "report on servers");
  private volatile Places places =
      (server, probe) -> Thread.ofVirtual().name("probe-" + server).start(probe);
  private final Map<String, ServerWatch> watches = new ConcurrentHashMap<>();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("watch").factory());

  private Watches(
      Live<Watched> watched,
      String instance,
      Producer<byte[], byte[]> producer,
      SmtpTransport transport) {
    this.watched = watched;
    this.instance = instance;
    this.producer = producer;
    this.transport = transport;
  }

  /** Where a probe finds room that is in no hurry: a server must not see more connections than its cap (I5). */
  public interface Places {
    /** Runs it on another thread, soon or, when nothing is free, not at all: it is offered again. */
    void offer(String server, Runnable probe);
  }

  /** What is probed, and how often. */
  private record Watched(ProbePace pace, Map<String, ServerEndpoint> probes) {
    static Watched of(Settings settings, String ehloName) {
      HealthSettings health = settings.health();
      Map<String, ServerEndpoint> probes = new TreeMap<>();
      for (ServerSettings server : settings.servers().values()) {
        probes.put(server.id(), ServerEndpoint.of(server, ehloName).within(health.probeTimeout()));
      }
      return new Watched(new ProbePace(health.probeInterval(), health.downAfterFailures()), probes);
    }
  }

  public static Watches start(
      Live<Settings> settings,
      String instance,
      String ehloName,
      Producer<byte[], byte[]> producer,
      SmtpTransport transport) {
    Watches watches =
        new Watches(settings.map(now -> Watched.of(now, ehloName)), instance, producer, transport);
    watches.timer.scheduleAtFixedRate(
        watches::look,
        Math.min(settings.get().health().probeInterval().toMillis(), REPORT_EVERY_MILLIS),
        LOOK_EVERY_MILLIS,
        TimeUnit.MILLISECONDS);
    watches.timer.scheduleAtFixedRate(
        () -> watches.watched.get().probes().keySet().forEach(id -> watches.of(id).flush()),
        REPORT_EVERY_MILLIS,
        REPORT_EVERY_MILLIS,
        TimeUnit.MILLISECONDS);
    return watches;
  }

  /** Of a server that is no longer configured, too: connections to it may still be ending; nobody hears of it. */
  public ServerWatch of(String server) {
    return watches.computeIfAbsent(
        server, id -> new ServerWatch(id, instance, this::report, System::nanoTime));
  }

  /**
   * Whether this worker cannot get through to the server. Others may: then the server is in service, and what this worker
   * has for it would wait for ever.
   */
  public boolean isOutOfReach(String server) {
    return of(server).isOutOfReach(watched.get().pace());
  }

  /** From now on; until then a probe opens a connection of its own. */
  public void probeIn(Places next) {
    places = next;
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }

  private void look() {
    Watched now = watched.get();
    now.probes()
        .forEach((id, endpoint) -> {
          of(id).tellSilence(now.pace());
          probeWhenDue(endpoint, of(id), now.pace());
        });
  }

  private void probeWhenDue(ServerEndpoint endpoint, ServerWatch watch, ProbePace pace) {
    if (watch.isSuspect(pace)) {
      if (watch.beginProbe(pace)) {
        Thread.ofVirtual()
            .name("probe-" + endpoint.server().id())
            .start(() -> probe(transport, endpoint, watch));
      }
    } else if (watch.wantsProbe(pace)) {
      places.offer(
          endpoint.server().id(),
          () -> {
            if (watch.beginProbe(pace)) {
              probe(transport, endpoint, watch);
            }
          });
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
        case ConnectResult.Refused refused -> {
          if (isEnough(refused) && watch.probeMayBeOneTooMany()) {
            watch.probeTurnedAway();
            return;
          }
          fault = refused.reply() + " at " + refused.phase().wireName();
        }
        case ConnectResult.Unreachable unreachable -> fault = unreachable.fault().toString();
      }
    } catch (RuntimeException bug) {
      watch.probeFailed("the probe failed: " + bug);
      throw bug;
    }
    watch.probeFailed(fault);
  }

  private static boolean isEnough(ConnectResult.Refused refused) {
    return refused.phase() == Phase.GREETING && refused.reply().code() == 421;
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
          (metadata, failure) -> outage.tried(failure));
    } catch (KafkaException | IllegalStateException e) {
      outage.tried(e);
    }
  }
}
