package io.tandemmail.simulation.worker;

import io.tandemmail.model.outcome.Outcome;
import io.tandemmail.model.outcome.OutcomeJson;
import io.tandemmail.model.outcome.OutcomeType;
import io.tandemmail.model.submission.FactsCodec;
import io.tandemmail.model.submission.MessageFacts;
import io.tandemmail.model.wire.HeaderNames;
import io.tandemmail.model.wire.Headers;
import io.tandemmail.model.wire.Topics;
import io.tandemmail.simulation.truth.AttemptTruth;
import io.tandemmail.simulation.world.LogRecord;
import io.tandemmail.simulation.world.Rule;
import io.tandemmail.simulation.world.World;
import io.tandemmail.worker.lane.OffsetTracker;
import io.tandemmail.worker.policy.AttemptReport;
import io.tandemmail.worker.policy.AttemptReport.GiveBack;
import io.tandemmail.worker.policy.Doubt;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicPartition;

/** The recorder: the returned message first, then the outcomes, then the permit and the offset. */
final class Recording {
  private static final long AGAIN_MILLIS = 100;
  private static final int ANSWERS_FOR_A_LOST_ONE = 100;

  private final World world;
  private final Worker worker;
  private int permits;

  Recording(World world, Worker worker) {
    this.world = world;
    this.worker = worker;
    this.permits = world.settings().worker().maxUnrecorded();
  }

  boolean takePermit() {
    if (permits == 0) {
      return false;
    }
    permits--;
    return true;
  }

  void abandoned(Delivery delivery, AttemptTruth attempt) {
    delivery.part().owned().recorded();
    permits++;
    world.truth().abandoned(attempt);
  }

  /** What was delivered is recorded whoever owns the partition by now; the rest by its owner. */
  void record(Delivery delivery, AttemptTruth attempt, AttemptReport report) {
    AttemptReport delivered = report.delivered();
    if (delivered.isEmpty() || mayReturn(delivery)) {
      settle(delivery, attempt, report);
      return;
    }
    AttemptReport rest = report.undelivered();
    outcomes(
        delivery,
        attempt,
        delivered.outcomes(),
        rest.isEmpty() ? () -> done(delivery) : () -> settle(delivery, attempt, rest));
  }

  private boolean mayReturn(Delivery delivery) {
    return !world.holds(Rule.ONLY_OWNER_RETURNS)
        || (worker.isFresh() && !delivery.part().isReleased());
  }

  /** Waits until ownership is certain; lets go once it is lost: the new owner does it again. */
  private void settle(Delivery delivery, AttemptTruth attempt, AttemptReport report) {
    if (mayReturn(delivery) && delivery.part().owned().leftInHand().contains(delivery.offset())) {
      listFirst(delivery, () -> record(delivery, attempt, report));
    } else if (mayReturn(delivery)) {
      begin(delivery, attempt, report);
    } else if (delivery.part().owned().isOwned()) {
      worker.after(AGAIN_MILLIS, () -> settle(delivery, attempt, report));
    } else {
      doubts(delivery, attempt, report.doubts());
    }
  }

  /** They are listed, and the lane record still carries them. */
  private void doubts(Delivery delivery, AttemptTruth attempt, List<Outcome> doubts) {
    if (doubts.isEmpty()) {
      abandoned(delivery, attempt);
      return;
    }
    int[] open = {doubts.size()};
    for (Outcome doubt : doubts) {
      LogRecord record = new LogRecord(doubt.id(), Headers.NONE, OutcomeJson.write(doubt));
      send(
          () -> {
            world.truth().listed(doubt, attempt);
            return world.broker().append(ledger(delivery), record);
          },
          offset -> {
            if (--open[0] == 0) {
              abandoned(delivery, attempt);
            }
          });
    }
  }

  private void listFirst(Delivery delivery, Runnable then) {
    list(
        delivery.part(),
        delivery.facts(),
        delivery.facts().envelope().forwardPaths(),
        () -> {
          delivery.part().owned().leftInHand().listed(delivery.offset());
          then.run();
        });
  }

  /** Whom a worker that died gave back in doubt without having said so. */
  void list(Part part, MessageFacts facts, Collection<String> recipients, Runnable done) {
    list(
        part,
        Doubt.deadOwnerMayHaveSentIt(
            facts, part.owned().lane().server(), recipients, worker.wall()),
        done);
  }

  private void list(Part part, List<Outcome> doubts, Runnable done) {
    int[] open = {doubts.size()};
    for (Outcome doubt : doubts) {
      LogRecord record = new LogRecord(doubt.id(), Headers.NONE, OutcomeJson.write(doubt));
      send(
          () -> {
            world.truth().listed(doubt);
            return world.broker().append(ledger(part), record);
          },
          offset -> {
            if (--open[0] == 0) {
              done.run();
            }
          });
    }
  }

  private void begin(Delivery delivery, AttemptTruth attempt, AttemptReport report) {
    world.truth().reporting(attempt, report.giveBack().isPresent());
    if (!world.holds(Rule.PERMIT_UNTIL_ACKNOWLEDGED)) {
      permits++;
    }
    if (!world.holds(Rule.OFFSET_AFTER_OUTCOME)) {
      delivery.part().owned().finished(delivery.offset());
    }
    Runnable done = () -> done(delivery);
    List<Outcome> outcomes = report.outcomes();
    if (report.giveBack().isEmpty()) {
      outcomes(delivery, attempt, outcomes, done);
    } else if (world.holds(Rule.RETURNED_BEFORE_OUTCOME)) {
      returned(
          delivery,
          attempt,
          report.giveBack().get(),
          () -> outcomes(delivery, attempt, outcomes, done),
          () -> record(delivery, attempt, report));
    } else {
      outcomes(
          delivery,
          attempt,
          outcomes,
          () -> returned(delivery, attempt, report.giveBack().get(), done, () -> {}));
    }
  }

  private void done(Delivery delivery) {
    delivery.part().owned().finished(delivery.offset());
    delivery.part().owned().recorded();
    if (world.holds(Rule.PERMIT_UNTIL_ACKNOWLEDGED)) {
      permits++;
    }
  }

  private void returned(
      Delivery delivery, AttemptTruth attempt, GiveBack giveBack, Runnable done, Runnable failed) {
    TopicPartition lane = delivery.part().owned().partition();
    worker.coordinator().mustOwn(worker, lane, "gives " + giveBack.facts().id() + " back");
    List<Headers.Header> headers =
        new ArrayList<>(
            FactsCodec.writeReturn(
                    giveBack.facts(), giveBack.reason(), giveBack.notBefore(), giveBack.last())
                .all());
    headers.add(Headers.Header.of(HeaderNames.ORIGIN, lane.topic() + "/" + delivery.offset()));
    LogRecord record = new LogRecord(giveBack.facts().id(), new Headers(headers), "returned");
    OffsetTracker offsets = delivery.part().owned().offsets();
    offsets.returning(delivery.offset());
    once(
        () -> {
          world.truth().givenBack(attempt, giveBack.facts().envelope().forwardPaths());
          return world
              .broker()
              .append(new TopicPartition(Topics.RETURNED, lane.partition()), record);
        },
        offset -> {
          if (world.chance().oneIn(ANSWERS_FOR_A_LOST_ONE)) {
            // It is there, and its answer is not: the worker takes it for failed and repeats it.
            worker.after(AGAIN_MILLIS, failed);
            return;
          }
          offsets.returnedAt(offset);
          done.run();
        },
        failed);
  }

  private void outcomes(
      Delivery delivery, AttemptTruth attempt, List<Outcome> outcomes, Runnable done) {
    int[] open = {outcomes.size()};
    for (Outcome outcome : outcomes) {
      append(
          delivery,
          attempt,
          outcome,
          offset -> {
            delivery.part().owned().offsets().ledgerGrewTo(offset);
            if (--open[0] == 0) {
              done.run();
            }
          });
    }
  }

  /** Once the lane is somebody else's, behind a doubt. */
  private void append(
      Delivery delivery, AttemptTruth attempt, Outcome outcome, LongConsumer acknowledged) {
    boolean listed = mustBeListed(delivery, outcome);
    if (listed) {
      list(delivery.part(), List.of(Doubt.nextOwnerMayHaveSentIt(outcome)), () -> {});
    }
    LogRecord record = new LogRecord(outcome.id(), Headers.NONE, OutcomeJson.write(outcome));
    once(
        () -> {
          world.truth().recorded(outcome, delivery.mark(), attempt);
          return world.broker().append(ledger(delivery), record);
        },
        offset -> {
          if (!listed && mustBeListed(delivery, outcome)) {
            append(delivery, attempt, outcome, acknowledged);
          } else {
            acknowledged.accept(offset);
          }
        },
        () -> append(delivery, attempt, outcome, acknowledged));
  }

  private boolean mustBeListed(Delivery delivery, Outcome outcome) {
    return outcome.type() == OutcomeType.DELIVERED
        && !mayReturn(delivery)
        && world.holds(Rule.LOST_LANE_LISTED);
  }

  private static TopicPartition ledger(Delivery delivery) {
    return ledger(delivery.part());
  }

  private static TopicPartition ledger(Part part) {
    return new TopicPartition(Topics.OUTCOMES, part.owned().partition().partition());
  }

  private void send(LongSupplier append, LongConsumer acknowledged) {
    once(append, acknowledged, () -> send(append, acknowledged));
  }

  /** Until it is on the wire it dies with the worker; then it arrives. A worker that is cut off tries until it is not. */
  private void once(LongSupplier append, LongConsumer acknowledged, Runnable failed) {
    worker.after(
        world.chance().below(5),
        () -> {
          if (!worker.canAppend()) {
            worker.after(AGAIN_MILLIS, failed);
            return;
          }
          world
              .agenda()
              .after(
                  world.network(),
                  world.hop(),
                  () -> {
                    long offset = append.getAsLong();
                    worker.after(world.hop(), () -> acknowledged.accept(offset));
                  });
        });
  }
}
