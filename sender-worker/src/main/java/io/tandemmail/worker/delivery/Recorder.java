package io.tandemmail.worker.delivery;

import io.tandemmail.model.bounce.DeliveryReport;
import io.tandemmail.model.submission.FactsCodec;
import io.tandemmail.model.submission.ReturnReason;
import io.tandemmail.model.suppression.Suppression;
import io.tandemmail.model.suppression.SuppressionJson;
import io.tandemmail.model.wire.HeaderNames;
import io.tandemmail.model.wire.Headers;
import io.tandemmail.model.wire.Topics;
import io.tandemmail.runtime.kafka.KafkaHeaders;
import io.tandemmail.runtime.time.SteadyClock;
import io.tandemmail.worker.append.Appends;
import io.tandemmail.worker.lane.OffsetTracker;
import io.tandemmail.worker.policy.Aftermath;
import io.tandemmail.worker.policy.AttemptReport;
import io.tandemmail.worker.policy.Doubt;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Writes what became of a delivery and only then lets go of it. An append that fails is repeated for as long as the worker
 * lives; meanwhile its permit stays taken, so a worker that cannot record soon sends no more (docs/rules.md, 3).
 *
 * <p>Only the owner of a lane partition may return a message (docs/rules.md, 6), and who is no longer sure to be the owner
 * can only say what is true whoever is: that it was delivered. The rest waits until ownership is certain, on no connection's
 * thread, and is let go of unrecorded once the partition is lost: the new owner does it again.
 */
public final class Recorder {
  private final Appends appends;
  private final int maxUnrecorded;
  private final Semaphore permits;
  private final Supplier<Aftermath> aftermath;
  private final LedgerWriter ledger;
  private final BooleanSupplier fresh;

  public Recorder(
      Producer<byte[], byte[]> producer,
      int maxUnrecorded,
      Supplier<Aftermath> aftermath,
      WorkerMeters meters,
      Ownership ownership) {
    this(new Appends(producer), maxUnrecorded, aftermath, meters, ownership::isFresh);
  }

  /**
   * @param fresh whether it is certain that no other worker owns what this one owned
   */
  Recorder(
      Appends appends,
      int maxUnrecorded,
      Supplier<Aftermath> aftermath,
      WorkerMeters meters,
      BooleanSupplier fresh) {
    this.appends = appends;
    this.maxUnrecorded = maxUnrecorded;
    this.permits = new Semaphore(maxUnrecorded);
    this.aftermath = aftermath;
    this.ledger = new LedgerWriter(appends, meters, this::isOwner);
    this.fresh = fresh;
  }

  /** Taken at MAIL; given back by {@link #record} or {@link #abandoned}. */
  boolean takePermit(Duration within) throws InterruptedException {
    return permits.tryAcquire(within.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** For a next message: leaves a quarter of the permits to those that wait for one. */
  boolean takePermitNow() {
    return permits.availablePermits() > maxUnrecorded / 4 && permits.tryAcquire();
  }

  /** Nothing has begun with it. */
  void givePermitBack() {
    permits.release();
  }

  /** Nothing was sent and nothing is to be recorded. */
  void abandoned(Delivery delivery) {
    delivery.partition().recorded();
    permits.release();
  }

  /** What was delivered is recorded whoever owns the partition by now; the rest by its owner. */
  void record(Delivery delivery, AttemptReport report) {
    if (isOwner(delivery)) {
      settle(delivery, report);
      return;
    }
    AttemptReport delivered = report.delivered();
    if (delivered.isEmpty()) {
      settle(delivery, report);
    } else {
      AttemptReport rest = report.undelivered();
      ledger.write(
          delivery,
          delivered.outcomes(),
          rest.isEmpty()
              ? () -> finished(delivery)
              : () -> appends.next(() -> settle(delivery, rest)));
    }
  }

  /**
   * Lists who may have been sent the message by a worker that died (I2).
   *
   * @param done runs when the broker has the doubts, at once for none
   */
  public void list(Delivery delivery, Collection<String> recipients, Runnable done) {
    Instant now = SteadyClock.now();
    ledger.write(
        delivery,
        Doubt.deadOwnerMayHaveSentIt(
            delivery.facts(), delivery.position().server(), recipients, now),
        done);
  }

  /** A lane record that cannot be read: kept with its bytes and the reason; its neighbours never notice. */
  public void reject(ProducerRecord<byte[], byte[]> rejected, Runnable done) {
    appends.append(rejected, offset -> done.run());
  }

  /**
   * Gives back unsent what was in hand when its owners died; the router rejects it (docs/rules.md, 15).
   *
   * @return false when that cannot be done now
   */
  public boolean quarantine(Delivery delivery) {
    if (!isOwner(delivery) || !permits.tryAcquire()) {
      return false;
    }
    delivery.partition().began();
    Instant now = SteadyClock.now();
    String why = "in hand when three owners of its lane died, not sent again";
    record(
        delivery,
        AttemptReport.untried(
            delivery.facts(), delivery.position(), ReturnReason.QUARANTINED, why, now));
    return true;
  }

  /** Ends the repetition of failed appends: the worker is going, its successor will do the deliveries again. */
  public void stop() {
    appends.stop();
  }

  /** A partition that is being given up is still this worker's until it is released, if it is certain. */
  private boolean isOwner(Delivery delivery) {
    return fresh.getAsBoolean() && !delivery.partition().isReleased();
  }

  private void settle(Delivery delivery, AttemptReport report) {
    if (isOwner(delivery) && delivery.mayHaveBeenSent()) {
      // Before anything else is said of it (I2). Ownership may be lost meanwhile.
      List<String> all = delivery.facts().envelope().forwardPaths();
      list(
          delivery,
          all,
          () -> {
            delivery.listed();
            appends.next(() -> record(delivery, report));
          });
    } else if (isOwner(delivery)) {
      returnFirst(delivery, report);
    } else if (delivery.partition().isOwned()) {
      appends.later(() -> settle(delivery, report));
    } else {
      ledger.write(delivery, report.doubts(), () -> abandoned(delivery));
    }
  }

  /** The returned message first, then what a bounce brings with it, then the outcomes, then the permit and the offset. */
  private void returnFirst(Delivery delivery, AttemptReport report) {
    report
        .giveBack()
        .ifPresentOrElse(
            giveBack -> giveBack(delivery, report, giveBack),
            () -> consequencesNext(delivery, report));
  }

  private void giveBack(Delivery delivery, AttemptReport report, AttemptReport.GiveBack giveBack) {
    OffsetTracker offsets = delivery.partition().offsets();
    offsets.returning(delivery.offset());
    appends.once(
        returned(delivery, giveBack),
        offset -> {
          offsets.returnedAt(offset);
          appends.next(() -> consequencesNext(delivery, report));
        },
        () -> record(delivery, report));
  }

  private void consequencesNext(Delivery delivery, AttemptReport report) {
    List<ProducerRecord<byte[], byte[]>> consequences =
        aftermath.get().of(delivery.facts(), delivery.value(), report.outcomes()).stream()
            .map(Recorder::consequence)
            .toList();
    Runnable outcomes = () -> ledger.write(delivery, report.outcomes(), () -> finished(delivery));
    if (consequences.isEmpty()) {
      outcomes.run();
    } else {
      appendAll(consequences, () -> appends.next(outcomes));
    }
  }

  private void finished(Delivery delivery) {
    delivery.finished();
    delivery.partition().recorded();
    permits.release();
  }

  /** Runs {@code done} when the broker has all of them. */
  private void appendAll(List<ProducerRecord<byte[], byte[]>> records, Runnable done) {
    AtomicInteger open = new AtomicInteger(records.size());
    for (ProducerRecord<byte[], byte[]> record : records) {
      appends.append(
          record,
          offset -> {
            if (open.decrementAndGet() == 0) {
              done.run();
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
                    giveBack.facts(), giveBack.reason(), giveBack.notBefore(), giveBack.last())
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
}
