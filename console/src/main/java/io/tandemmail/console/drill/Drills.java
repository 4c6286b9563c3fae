package io.tandemmail.console.drill;

import com.fasterxml.jackson.databind.JsonNode;
import io.tandemmail.model.drill.DrillBounds;
import io.tandemmail.model.drill.DrillPlan;
import io.tandemmail.model.drill.DrillReport;
import io.tandemmail.model.json.Json;
import io.tandemmail.model.parity.ParityFinding;
import io.tandemmail.model.settings.Settings;
import io.tandemmail.model.wire.Topics;
import io.tandemmail.runtime.kafka.TableReader;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The drills that were, from {@code mail.drills}, and the one that this console runs. */
public final class Drills implements DrillBook, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Drills.class);

  private final Supplier<Settings> settings;
  private final Inspector inspector;
  private final TableReader<JsonNode> history;
  private final AtomicReference<Optional<Thread>> running = new AtomicReference<>(Optional.empty());

  /** Looks at a route's servers and at the DNS. */
  @FunctionalInterface
  public interface Inspector {
    List<ParityFinding> problems(Settings settings, String route);
  }

  private Drills(Supplier<Settings> settings, Inspector inspector, TableReader<JsonNode> history) {
    this.settings = settings;
    this.inspector = inspector;
    this.history = history;
  }

  public static Drills start(Supplier<Settings> settings, Inspector inspector, String clientId) {
    return new Drills(
        settings,
        inspector,
        TableReader.start(settings.get().kafka(), clientId + "-drills", Topics.DRILLS, Json::tree));
  }

  @Override
  public boolean begin(DrillPlan plan, DrillReport.Origin origin, Inspection inspection) {
    Thread thread =
        Thread.ofVirtual()
            .name("drill-" + plan.route())
            .unstarted(() -> run(plan, origin, inspection));
    if (!running.compareAndSet(Optional.empty(), Optional.of(thread))) {
      return false;
    }
    thread.start();
    return true;
  }

  @Override
  public List<JsonNode> reports() {
    return history.snapshot().values().stream()
        .sorted(
            Comparator.comparing((JsonNode report) -> report.path("endedAt").asText()).reversed())
        .toList();
  }

  @Override
  public Optional<JsonNode> report(String id) {
    return history.get(id);
  }

  /** Since the route's last drill that moved mail; empty: never. */
  public Optional<Duration> age(String route, Instant now) {
    return history.snapshot().values().stream()
        .filter(report -> report.path("route").asText().equals(route) && report.has("figures"))
        .flatMap(report -> Json.instant(report, "endedAt").stream())
        .max(Comparator.naturalOrder())
        .map(last -> Duration.between(last, now));
  }

  @Override
  public void close() {
    running.get().ifPresent(Thread::interrupt);
    history.close();
  }

  private void run(DrillPlan plan, DrillReport.Origin origin, Inspection inspection) {
    try {
      Settings now = settings.get();
      DrillRun.Preflight preflight =
          switch (inspection) {
            case FROM_HERE -> () -> inspector.problems(now, plan.route());
            case BY_WORKERS -> DrillRun.Preflight.NONE;
          };
      DrillReport report =
          new DrillRun(
                  now.kafka(),
                  plan,
                  DrillBounds.of(now.health(), plan.kind()),
                  origin,
                  preflight,
                  step -> LOG.info("{}: {}", plan.id(), step))
              .run();
      LOG.info("{} {}", plan.id(), report.passed() ? "passed" : "did not pass");
    } catch (DrillRun.Unavailable | KafkaException e) {
      LOG.error("{} broke off; it ends by itself at its time: {}", plan.id(), e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      running.set(Optional.empty());
    }
  }
}
