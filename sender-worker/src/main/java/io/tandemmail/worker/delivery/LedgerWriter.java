package io.tandemmail.worker.delivery;

import io.tandemmail.model.outcome.Outcome;
import io.tandemmail.model.outcome.OutcomeJson;
import io.tandemmail.model.outcome.OutcomeType;
import io.tandemmail.model.wire.Topics;
import io.tandemmail.worker.append.Appends;
import io.tandemmail.worker.policy.Doubt;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Appends outcomes to {@code mail.outcomes}, each until the broker has it.
 *
 * <p>What was delivered is true whoever owns the lane by now. But the next owner may have read the ledger without it, and have
 * sent the message too: whoever is not sure to own the lane any more lists that first (I2).
 */
final class LedgerWriter {
  private final Appends appends;
  private final WorkerMeters meters;
  private final Predicate<Delivery> isOwner;

  LedgerWriter(Appends appends, WorkerMeters meters, Predicate<Delivery> isOwner) {
    this.appends = appends;
    this.meters = meters;
    this.isOwner = isOwner;
  }

  /**
   * Writes them in their order.
   *
   * @param done runs when the broker has all of them, at once for none
   */
  void write(Delivery delivery, List<Outcome> outcomes, Runnable done) {
    if (outcomes.isEmpty()) {
      done.run();
      return;
    }
    AtomicInteger open = new AtomicInteger(outcomes.size());
    for (Outcome outcome : outcomes) {
      meters.outcome(outcome, delivery.position().server());
      append(
          delivery,
          outcome,
          offset -> {
            delivery.partition().offsets().ledgerGrewTo(offset);
            if (open.decrementAndGet() == 0) {
              done.run();
            }
          });
    }
  }

  private void append(Delivery delivery, Outcome outcome, LongConsumer acknowledged) {
    ProducerRecord<byte[], byte[]> record = record(delivery, outcome);
    if (mustBeListed(delivery, outcome)) {
      Outcome doubt = Doubt.nextOwnerMayHaveSentIt(outcome);
      appends.append(record(delivery, doubt), offset -> {});
      appends.append(record, acknowledged);
      return;
    }
    Runnable again = () -> append(delivery, outcome, acknowledged);
    appends.once(
        record,
        offset -> {
          if (mustBeListed(delivery, outcome)) {
            // This process stood still before the record left it. It is there twice then, the same
            // in everything.
            appends.next(again);
          } else {
            acknowledged.accept(offset);
          }
        },
        again);
  }

  private boolean mustBeListed(Delivery delivery, Outcome outcome) {
    return outcome.type() == OutcomeType.DELIVERED && !isOwner.test(delivery);
  }

  private static ProducerRecord<byte[], byte[]> record(Delivery delivery, Outcome outcome) {
    return new ProducerRecord<>(
        Topics.OUTCOMES,
        delivery.partition().partition().partition(),
        delivery.facts().id().getBytes(StandardCharsets.UTF_8),
        OutcomeJson.write(outcome));
  }
}
