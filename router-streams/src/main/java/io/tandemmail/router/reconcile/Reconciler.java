package io.tandemmail.router.reconcile;

import io.tandemmail.model.outcome.Outcome;
import io.tandemmail.model.outcome.OutcomeJson;
import io.tandemmail.model.settings.KafkaSettings;
import io.tandemmail.model.settings.Settings;
import io.tandemmail.model.submission.LastAttempt;
import io.tandemmail.model.wire.Headers;
import io.tandemmail.model.wire.HomePartition;
import io.tandemmail.model.wire.Topics;
import io.tandemmail.router.life.Reconciliation;
import io.tandemmail.router.life.Reconciliation.Ended;
import io.tandemmail.router.life.Reconciliation.Place;
import io.tandemmail.router.life.Reconciliation.Unfinished;
import io.tandemmail.router.life.Recovered;
import io.tandemmail.router.topology.Admission;
import io.tandemmail.router.topology.Admission.Seen;
import io.tandemmail.router.topology.RecoveredRecord;
import io.tandemmail.runtime.kafka.KafkaClients;
import io.tandemmail.runtime.kafka.KafkaHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Tells a {@link Reconciliation} what stands on both topics, and the router, through {@code mail.returned}, what it answers. */
public final class Reconciler implements AutoCloseable {
  /** The outcome of a submission carries its time; a clock that was set back in between is forgiven so much. */
  private static final long CLOCK_STEP_MILLIS = Duration.ofMinutes(1).toMillis();

  private static final byte[] NO_BYTES = {};

  private final KafkaSettings kafka;
  private final String clientId;
  private final Admission admission;
  private final Reconciliation reconciliation = new Reconciliation();
  private final KafkaProducer<byte[], byte[]> producer;
  private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
  private long submissions;
  private long ended;

  private Reconciler(Settings settings, String clientId) {
    this.kafka = settings.kafka();
    this.clientId = clientId;
    this.admission = Admission.of(settings);
    this.producer = KafkaClients.producer(kafka, clientId);
  }

  /**
   * What was found.
   *
   * @param submissions on {@code mail.submitted}
   * @param ended with a final outcome for every recipient
   * @param begun of the others: with an outcome on disk
   * @param untouched without any
   */
  public record Found(long submissions, long ended, long begun, long untouched) {}

  /**
   * Both topics must hold no open transaction, and nobody may append to {@code mail.outcomes} meanwhile.
   *
   * @param submitted where each partition of {@code mail.submitted} ends; what is appended later is the router's
   * @param outcomes the same for {@code mail.outcomes}
   * @throws KafkaException when what was found could not be read or appended; call again
   */
  public static Found run(
      Settings settings,
      String clientId,
      Map<TopicPartition, Long> submitted,
      Map<TopicPartition, Long> outcomes) {
    try (Reconciler reconciler = new Reconciler(settings, clientId)) {
      reconciler.readBoth(submitted, outcomes);
      return reconciler.giveBack();
    }
  }

  @Override
  public void close() {
    producer.close();
  }

  private void readBoth(Map<TopicPartition, Long> submitted, Map<TopicPartition, Long> outcomes) {
    try (TimedScan submissionScan = TimedScan.upTo(consumer(), submitted);
        TimedScan outcomeScan = TimedScan.upTo(consumer(), outcomes)) {
      outcomeScan.readToEnd(record ->
          read(record)
              .ifPresent(outcome -> {
                long submittedMillis = outcome.submittedAt().toEpochMilli();
                submissionScan.readPast(submittedMillis + CLOCK_STEP_MILLIS, this::note);
                reconciliation.recorded(outcome, record.offset()).ifPresent(this::giveBack);
              }));
      submissionScan.readToEnd(this::note);
    }
  }

  private void note(ConsumerRecord<byte[], byte[]> record) {
    submissions++;
    Seen seen = admission.see(record);
    Place place = new Place(record.partition(), record.offset());
    seen.facts()
        .ifPresentOrElse(
            facts -> reconciliation.submitted(facts, place),
            () -> reconciliation.unreadable(seen.id(), seen.submittedAt(), place));
  }

  private static Optional<Outcome> read(ConsumerRecord<byte[], byte[]> record) {
    try {
      return record.value() == null ? Optional.empty() : OutcomeJson.read(record.value());
    } catch (IllegalArgumentException notAnOutcome) {
      return Optional.empty();
    }
  }

  private void giveBack(Ended message) {
    ended++;
    RecoveredRecord recovered =
        new RecoveredRecord(
            message.id(), new Recovered(message.state(), Optional.empty(), LastAttempt.NONE));
    append(message.id(), home(message.id()), recovered.write(), NO_BYTES);
  }

  /** The bytes of what has not ended are read once more: they were not kept. */
  private Found giveBack() {
    Map<Integer, TreeMap<Long, Unfinished>> places = new HashMap<>();
    long begun = 0;
    long untouched = 0;
    for (Unfinished message : reconciliation.unfinished()) {
      places
          .computeIfAbsent(message.place().partition(), partition -> new TreeMap<>())
          .put(message.place().offset(), message);
      begun += message.found().isPresent() ? 1 : 0;
      untouched += message.found().isPresent() ? 0 : 1;
    }
    places.forEach((partition, open) -> {
      TopicPartition from = new TopicPartition(Topics.SUBMITTED, partition);
      try (TimedScan scan =
          TimedScan.between(consumer(), from, open.firstKey(), open.lastKey() + 1)) {
        scan.readToEnd(record -> {
          Unfinished found = open.get(record.offset());
          if (found != null) {
            giveBack(record, found);
          }
        });
      }
    });
    producer.flush();
    Exception failed = failure.get();
    if (failed != null) {
      throw new KafkaException("cannot append to " + Topics.RETURNED, failed);
    }
    return new Found(submissions, ended, begun, untouched);
  }

  private void giveBack(ConsumerRecord<byte[], byte[]> record, Unfinished message) {
    Seen seen = admission.see(record);
    if (message.found().isEmpty() || seen.facts().isEmpty()) {
      int partition = seen.facts().isPresent() ? home(seen.id()) : record.partition();
      append(record.key(), partition, seen.homeward(), record.value());
      return;
    }
    RecoveredRecord recovered =
        new RecoveredRecord(
            seen.id(),
            new Recovered(
                message.found().get(),
                seen.facts(),
                new LastAttempt(Optional.empty(), message.doubt())));
    append(seen.id(), home(seen.id()), recovered.write(), record.value());
  }

  private int home(String id) {
    return HomePartition.of(id, kafka.partitions());
  }

  private void append(String id, int partition, Headers headers, byte[] value) {
    append(id.getBytes(StandardCharsets.UTF_8), partition, headers, value);
  }

  private void append(
      byte @Nullable [] key, int partition, Headers headers, byte @Nullable [] value) {
    producer.send(
        new ProducerRecord<>(Topics.RETURNED, partition, key, value, KafkaHeaders.to(headers)),
        (appended, failed) -> {
          if (failed != null) {
            failure.compareAndSet(null, failed);
          }
        });
  }

  private KafkaConsumer<byte[], byte[]> consumer() {
    return KafkaClients.consumer(
        kafka, clientId, Map.of(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest"));
  }
}
