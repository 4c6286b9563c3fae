package io.tandemmail.console.drill;

import io.tandemmail.model.drill.DrillBounds;
import io.tandemmail.model.drill.DrillFigures;
import io.tandemmail.model.drill.DrillPlan;
import io.tandemmail.model.drill.DrillReport;
import io.tandemmail.model.drill.DrillReportJson;
import io.tandemmail.model.drill.DrillTally;
import io.tandemmail.model.parity.ParityFinding;
import io.tandemmail.model.server.Drill;
import io.tandemmail.model.server.DrillJson;
import io.tandemmail.model.server.DrillOrder;
import io.tandemmail.model.settings.KafkaSettings;
import io.tandemmail.model.wire.Topics;
import io.tandemmail.runtime.kafka.KafkaClients;
import io.tandemmail.runtime.time.SteadyClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * One drill from the first look to the report. Whatever happens to it, the drill itself ends at its time: that stands in the
 * servers' health and not here.
 */
public final class DrillRun {
  private static final Duration ORDER_WAIT = Duration.ofSeconds(10);
  private static final Duration NOTICE_WAIT = Duration.ofSeconds(30);

  /** For mail that was under way at the end to get its outcome. */
  private static final Duration SETTLE_WAIT = Duration.ofSeconds(30);

  private final KafkaSettings kafka;
  private final DrillPlan plan;
  private final DrillBounds bounds;
  private final DrillReport.Origin origin;
  private final Preflight preflight;
  private final Consumer<String> progress;

  /** What an inspection of the route's servers and of its domains' DNS finds wrong. */
  @FunctionalInterface
  public interface Preflight {
    /** None is made; what workers last saw counts all the same. */
    Preflight NONE = List::of;

    List<ParityFinding> problems();
  }

  /** Kafka did not take an order or the report. */
  public static final class Unavailable extends RuntimeException {
    private static final long serialVersionUID = 1;

    Unavailable(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /**
   * @param progress told each step, for people
   */
  public DrillRun(
      KafkaSettings kafka,
      DrillPlan plan,
      DrillBounds bounds,
      DrillReport.Origin origin,
      Preflight preflight,
      Consumer<String> progress) {
    this.kafka = kafka;
    this.plan = plan;
    this.bounds = bounds;
    this.origin = origin;
    this.preflight = preflight;
    this.progress = progress;
  }

  /**
   * Takes as long as the hold and the way back. The report is on {@code mail.drills} when it returns.
   *
   * @throws Unavailable when Kafka takes no order
   */
  public DrillReport run() throws InterruptedException {
    Instant startedAt = SteadyClock.now();
    progress.accept("looking at " + plan.primary() + " and " + plan.secondaries());
    List<ParityFinding> found = preflight.problems();
    DrillTally tally = new DrillTally(plan);
    // After the inspection, which takes its time: the health of now is what counts.
    try (KafkaProducer<byte[], byte[]> producer =
            KafkaClients.producer(kafka, plan.id() + "-orders");
        DrillFeed feed = DrillFeed.start(kafka, plan.id() + "-feed", tally)) {
      List<String> problems = DrillFitness.problems(plan, found, feed::health, SteadyClock.now());
      Optional<DrillFigures> figures =
          problems.isEmpty() ? rehearse(producer, feed, tally) : Optional.empty();
      DrillReport report =
          new DrillReport(
              plan,
              origin,
              startedAt,
              SteadyClock.now(),
              problems,
              figures,
              figures.map(measured -> bounds.missed(plan, measured)).orElse(List.of()));
      send(producer, Topics.DRILLS, plan.id(), DrillReportJson.write(report));
      return report;
    }
  }

  private Optional<DrillFigures> rehearse(
      KafkaProducer<byte[], byte[]> producer, DrillFeed feed, DrillTally tally)
      throws InterruptedException {
    Drill drill = plan.at(SteadyClock.now());
    progress.accept(plan.kind().wireName() + " of " + plan.primary() + " begins");
    order(
        producer,
        new DrillOrder.Begin(plan.primary(), drill, origin.by(), origin.why(), drill.from()));
    if (!feed.until(tally::hasBegun, ORDER_WAIT)) {
      end(producer, tally);
      return Optional.of(tally.figures());
    }
    feed.until(() -> tally.isDetected() && tally.secondaryDelivers(), NOTICE_WAIT);
    progress.accept("mail goes past " + plan.primary() + " for " + plan.hold().toSeconds() + " s");
    feed.until(() -> false, plan.hold());
    end(producer, tally);
    progress.accept("waiting for " + plan.primary() + " to be back");
    feed.until(tally::isRestored, bounds.restore());
    progress.accept("waiting for mail under way");
    feed.until(() -> tally.open() == 0, SETTLE_WAIT);
    return Optional.of(tally.figures());
  }

  private void end(KafkaProducer<byte[], byte[]> producer, DrillTally tally)
      throws InterruptedException {
    Instant now = SteadyClock.now();
    tally.endOrdered(now);
    order(producer, new DrillOrder.End(plan.primary(), plan.id(), origin.by(), now));
  }

  private static void order(KafkaProducer<byte[], byte[]> producer, DrillOrder order)
      throws InterruptedException {
    send(producer, Topics.SERVER_COMMANDS, order.key(), DrillJson.write(order));
  }

  private static void send(
      KafkaProducer<byte[], byte[]> producer, String topic, String key, byte[] value)
      throws InterruptedException {
    try {
      producer.send(new ProducerRecord<>(topic, key.getBytes(StandardCharsets.UTF_8), value)).get();
    } catch (ExecutionException e) {
      throw new Unavailable(
          "Kafka did not take it: " + Objects.requireNonNullElse(e.getCause(), e).getMessage(), e);
    }
  }
}
