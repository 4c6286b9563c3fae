package io.tandemmail.console.drill;

import io.tandemmail.model.drill.DrillBounds;
import io.tandemmail.model.drill.DrillFigures;
import io.tandemmail.model.drill.DrillPlan;
import io.tandemmail.model.drill.DrillReport;
import io.tandemmail.model.drill.DrillReportJson;
import io.tandemmail.model.drill.DrillTally;
import io.tandemmail.model.server.Drill;
import io.tandemmail.model.server.DrillJson;
import io.tandemmail.model.server.DrillOrder;
import io.tandemmail.model.server.ServerHealth;
import io.tandemmail.model.server.ServerMode;
import io.tandemmail.model.server.ServerState;
import io.tandemmail.model.settings.KafkaSettings;
import io.tandemmail.model.wire.Topics;
import io.tandemmail.runtime.kafka.KafkaClients;
import io.tandemmail.runtime.time.SteadyClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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

  /** What an inspection of the route's servers and of its domains' DNS finds wrong, in words. */
  @FunctionalInterface
  public interface Preflight {
    List<String> problems();
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
    DrillTally tally = new DrillTally(plan);
    try (KafkaProducer<byte[], byte[]> producer =
            KafkaClients.producer(kafka, plan.id() + "-orders");
        DrillFeed feed = DrillFeed.start(kafka, plan.id() + "-feed", tally)) {
      progress.accept("looking at " + plan.primary() + " and " + plan.secondaries());
      List<String> problems = new ArrayList<>(unfit(feed));
      problems.addAll(preflight.problems());
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
              figures.map(found -> bounds.missed(plan, found)).orElse(List.of()));
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

  /** What of the present health speaks against a drill. */
  private List<String> unfit(DrillFeed feed) {
    List<String> problems = new ArrayList<>();
    ServerHealth primary = feed.health(plan.primary());
    primary
        .drill()
        .filter(drill -> drill.until().isAfter(SteadyClock.now()))
        .ifPresent(other ->
            problems.add("drill " + other.id() + " of " + plan.primary() + " still lasts"));
    if (primary.mode() != ServerMode.AUTO) {
      problems.add(plan.primary() + " was taken out of service by an operator; resume it first");
    } else if (primary.state() != ServerState.UP || primary.share() < 100) {
      problems.add(
          plan.primary()
              + " is "
              + primary.state()
              + " with a share of "
              + primary.share()
              + " %: "
              + primary.evidence());
    }
    drifted(problems, primary);
    plan.secondaries().forEach(id -> drifted(problems, feed.health(id)));
    if (plan.secondaries().stream().noneMatch(id -> feed.health(id).inService())) {
      problems.add("no secondary is in service: " + String.join(", ", plan.secondaries()));
    }
    return problems;
  }

  /** What workers last saw wrong with it for this route. */
  private void drifted(List<String> problems, ServerHealth server) {
    server.drift().stream()
        .filter(drift -> drift.isProblem() && drift.route().equals(plan.route()))
        .forEach(drift ->
            problems.add(
                server.server()
                    + ": "
                    + drift.subject()
                    + " "
                    + drift.what()
                    + "; "
                    + drift.remedy()));
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
