package io.tandemmail.runtime.presence;

import io.tandemmail.model.service.ServicePresence;
import io.tandemmail.model.service.ServicePresenceJson;
import io.tandemmail.model.settings.KafkaSettings;
import io.tandemmail.model.wire.Topics;
import io.tandemmail.runtime.kafka.KafkaClients;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
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

  private final KafkaProducer<byte[], byte[]> producer;
  private final ServicePresence presence;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("presence").factory());

  private PresenceBeacon(KafkaProducer<byte[], byte[]> producer, ServicePresence presence) {
    this.producer = producer;
    this.presence = presence;
  }

  public static PresenceBeacon start(KafkaSettings kafka, ServicePresence presence) {
    PresenceBeacon beacon =
        new PresenceBeacon(
            KafkaClients.producer(kafka, presence.instance() + "-presence"), presence);
    beacon.timer.scheduleAtFixedRate(beacon::beat, 0, EVERY_SECONDS, TimeUnit.SECONDS);
    return beacon;
  }

  @Override
  public void close() {
    timer.shutdownNow();
    send(null);
    producer.close(Duration.ofSeconds(2));
  }

  private void beat() {
    send(ServicePresenceJson.write(presence.at(Instant.now())));
  }

  private void send(byte @Nullable [] value) {
    try {
      byte[] key = presence.instance().getBytes(StandardCharsets.UTF_8);
      producer.send(new ProducerRecord<>(Topics.SERVICES, key, value));
    } catch (KafkaException e) {
      LOG.warn("cannot say that {} is there: {}", presence.instance(), e.getMessage());
    }
  }
}
