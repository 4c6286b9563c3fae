package io.tandemmail.runtime.presence;

import io.tandemmail.model.service.ServicePresence;
import io.tandemmail.model.service.ServicePresenceJson;
import io.tandemmail.model.settings.Settings;
import io.tandemmail.model.wire.Topics;
import io.tandemmail.runtime.config.Live;
import io.tandemmail.runtime.kafka.KafkaClients;
import io.tandemmail.runtime.log.OutageLog;
import io.tandemmail.runtime.time.SteadyClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Repeats a service's presence; a failure to do so is logged and never harms the service. */
public final class PresenceBeacon implements AutoCloseable {
  /** How long a sign of life counts. */
  public static final Duration LIFE = Duration.ofSeconds(20);

  private static final Logger LOG = LoggerFactory.getLogger(PresenceBeacon.class);
  private static final long EVERY_SECONDS = 5;

  private static final Duration LAST_BEAT = Duration.ofSeconds(1);

  private final Producer<byte[], byte[]> producer;
  private final Live<Settings> settings;
  private final Service service;
  private final OutageLog outage;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("presence").factory());

  private PresenceBeacon(
      Producer<byte[], byte[]> producer, Live<Settings> settings, Service service) {
    this.producer = producer;
    this.settings = settings;
    this.service = service;
    this.outage = new OutageLog(LOG, "say that " + service.instance() + " is there");
  }

  /** Who is there; which configuration it runs is said with each beat. */
  public record Service(String instance, String kind, String url, String version) {
    ServicePresence running(String configHash, Instant now) {
      return new ServicePresence(instance, kind, url, configHash, version, now);
    }
  }

  public static PresenceBeacon start(Live<Settings> settings, Service service) {
    return start(
        KafkaClients.producer(settings.get().kafka(), service.instance() + "-presence"),
        settings,
        service);
  }

  /**
   * @param producer closed with the beacon
   */
  static PresenceBeacon start(
      Producer<byte[], byte[]> producer, Live<Settings> settings, Service service) {
    PresenceBeacon beacon = new PresenceBeacon(producer, settings, service);
    beacon.timer.scheduleAtFixedRate(beacon::beat, 0, EVERY_SECONDS, TimeUnit.SECONDS);
    settings.onChange(changed -> beacon.beatNow());
    return beacon;
  }

  /** Takes the presence back. The last beat comes first: after the tombstone it would raise the dead. */
  @Override
  public void close() {
    timer.shutdownNow();
    try {
      timer.awaitTermination(LAST_BEAT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    send(null);
    producer.close(Duration.ofSeconds(2));
  }

  /** Others wait for each other's configuration, so a new one is said at once. */
  private void beatNow() {
    try {
      timer.execute(this::beat);
    } catch (RejectedExecutionException closed) {
      // Taken back already.
    }
  }

  private void beat() {
    send(ServicePresenceJson.write(service.running(settings.get().hash(), SteadyClock.now())));
  }

  private void send(byte @Nullable [] value) {
    try {
      byte[] key = service.instance().getBytes(StandardCharsets.UTF_8);
      producer.send(
          new ProducerRecord<>(Topics.SERVICES, key, value),
          (metadata, failure) -> outage.tried(failure));
    } catch (KafkaException | IllegalStateException e) {
      outage.tried(e);
    }
  }
}
