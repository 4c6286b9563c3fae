package io.tandemmail.worker.delivery;

import io.tandemmail.model.bounce.DeliveryReport;
import io.tandemmail.model.outcome.Outcome;
import io.tandemmail.model.outcome.OutcomeJson;
import io.tandemmail.model.submission.FactsCodec;
import io.tandemmail.model.suppression.Suppression;
import io.tandemmail.model.suppression.SuppressionJson;
import io.tandemmail.model.wire.HeaderNames;
import io.tandemmail.model.wire.Headers;
import io.tandemmail.model.wire.Topics;
import io.tandemmail.runtime.kafka.KafkaHeaders;
import io.tandemmail.worker.policy.Aftermath;
import io.tandemmail.worker.policy.AttemptReport;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what became of a delivery and only then lets go of it. An append that fails is repeated for as long as the worker
 * lives; meanwhile its permit stays taken, so a worker that cannot record soon sends no more (docs/rules.md, 3).
 */
public final class Recorder {
  private static final Logger LOG = LoggerFactory.getLogger(Recorder.class);
  private static final Duration AGAIN_AFTER = Duration.ofMillis(250);

  private final Producer<byte[], byte[]> producer;
  private final int maxUnrecorded;
  private final Semaphore permits;
  private final Aftermath aftermath;
  private final WorkerMeters meters;
  private volatile boolean stopped;

  public Recorder(
      Producer<byte[], byte[]> producer,
      int maxUnrecorded,
      Aftermath aftermath,
      WorkerMeters meters) {
    this.producer = producer;
    this.maxUnrecorded = maxUnrecorded;
    this.permits = new Semaphore(maxUnrecorded);
    this.aftermath = aftermath;
    this.meters = meters;
  }

  /** Taken at MAIL; given back by {@link #record} or {@link #abandoned}. */
  boolean takePermit(Duration within) throws InterruptedException {
    return permits.tryAcquire(within.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** For a next message: leaves half of the permits to those that wait for one. */
  boolean takePermitNow() {
    return permits.availablePermits() > maxUnrecorded / 2 && permits.tryAcquire();
  }

  /** Nothing was sent and nothing is to be recorded. */
  void abandoned(Delivery delivery) {
    delivery.partition().recorded();
    permits.release();
  }

  /** The returned message and what a bounce brings with it first, then the outcomes, then the permit and the offset. */
  void record(Delivery delivery, AttemptReport report) {
    List<ProducerRecord<byte[], byte[]>> first = new ArrayList<>();
    report.giveBack().ifPresent(giveBack -> first.add(returned(delivery, giveBack)));
    aftermath
        .of(delivery.facts(), delivery.value(), report.outcomes())
        .forEach(consequence -> first.add(consequence(consequence)));
    if (first.isEmpty()) {
      appendOutcomes(delivery, report);
      return;
    }
    AtomicInteger open = new AtomicInteger(first.size());
    for (ProducerRecord<byte[], byte[]> record : first) {
      append(
          record,
          offset -> {
            if (open.decrementAndGet() == 0) {
              appendOutcomes(delivery, report);
            }
          });
    }
  }

  /** A lane record that cannot be read: kept with its bytes and the reason; its neighbours never notice. */
  public void reject(ProducerRecord<byte[], byte[]> rejected, Runnable done) {
    append(rejected, offset -> done.run());
  }

  /** Ends the repetition of failed appends: the worker is going, its successor will do the deliveries again. */
  public void stop() {
    stopped = true;
  }

  private void appendOutcomes(Delivery delivery, AttemptReport report) {
    AtomicInteger open = new AtomicInteger(report.outcomes().size());
    byte[] key = delivery.facts().id().getBytes(StandardCharsets.UTF_8);
    int partition = delivery.partition().partition().partition();
    for (Outcome outcome : report.outcomes()) {
      meters.outcome(outcome, delivery.partition().lane().server());
      append(
          new ProducerRecord<>(Topics.OUTCOMES, partition, key, OutcomeJson.write(outcome)),
          offset -> {
            delivery.partition().offsets().ledgerGrewTo(offset);
            if (open.decrementAndGet() == 0) {
              delivery.finished();
              delivery.partition().recorded();
              permits.release();
            }
          });
    }
  }

  /** Without a partition: Kafka's default of the key is the report's home, and the list's own rule. */
  private static ProducerRecord<byte[], byte[]> consequence(Aftermath.Consequence consequence) {
    return switch (consequence) {
      case Aftermath.Consequence.Notify(DeliveryReport.Submission report) ->
          new ProducerRecord<>(
              Topics.SUBMITTED,
              null,
              report.id().getBytes(StandardCharsets.UTF_8),
              report.value(),
              KafkaHeaders.to(report.headers()));
      case Aftermath.Consequence.Suppress(Suppression entry) ->
          new ProducerRecord<>(
              Topics.SUPPRESSIONS,
              Suppression.key(entry.recipient()).getBytes(StandardCharsets.UTF_8),
              SuppressionJson.write(entry));
    };
  }

  private static ProducerRecord<byte[], byte[]> returned(
      Delivery delivery, AttemptReport.GiveBack giveBack) {
    List<Headers.Header> headers =
        new ArrayList<>(
            FactsCodec.writeReturn(
                    giveBack.facts(), giveBack.reason(), giveBack.notBefore(), giveBack.avoid())
                .all());
    headers.add(
        Headers.Header.of(
            HeaderNames.ORIGIN,
            delivery.partition().partition().topic() + "/" + delivery.offset()));
    headers.addAll(delivery.trace().all());
    byte[] key = giveBack.facts().id().getBytes(StandardCharsets.UTF_8);
    int partition = delivery.partition().partition().partition();
    return new ProducerRecord<>(
        Topics.RETURNED, partition, key, delivery.value(), KafkaHeaders.to(new Headers(headers)));
  }

  private void append(ProducerRecord<byte[], byte[]> record, LongConsumer acknowledged) {
    try {
      producer.send(
          record,
          (metadata, failure) -> {
            if (failure == null) {
              acknowledged.accept(metadata.offset());
            } else {
              again(record, acknowledged, failure);
            }
          });
    } catch (KafkaException | IllegalStateException failure) {
      again(record, acknowledged, failure);
    }
  }

  private void again(
      ProducerRecord<byte[], byte[]> record, LongConsumer acknowledged, Exception failure) {
    if (stopped) {
      return;
    }
    LOG.warn(
        "cannot append to {}-{}: {}; trying again",
        record.topic(),
        record.partition(),
        failure.getMessage());
    Thread.ofVirtual()
        .start(() -> {
          try {
            TimeUnit.MILLISECONDS.sleep(AGAIN_AFTER.toMillis());
            append(record, acknowledged);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }
}
