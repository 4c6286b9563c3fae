package io.tandemmail.worker.parity;

import io.tandemmail.model.parity.DomainFacts;
import io.tandemmail.model.parity.ParityFinding;
import io.tandemmail.model.parity.ServerFacts;
import io.tandemmail.model.server.Drift;
import io.tandemmail.model.server.ParityReport;
import io.tandemmail.model.settings.RouteSettings;
import io.tandemmail.model.settings.RouteSettings.Parity.Demand;
import io.tandemmail.model.settings.Settings;
import io.tandemmail.parity.ParityCheck;
import io.tandemmail.parity.RouteParity;
import io.tandemmail.runtime.time.SteadyClock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Compares the servers of each route that is this worker's to look at, when it becomes so and then every interval. */
public final class ParityWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ParityWatch.class);
  private static final long TURN_MILLIS = 500;
  private static final long CLOSE_WAIT_SECONDS = 2;

  private final Supplier<Settings> following;
  private final Function<Settings, ParityCheck> checks;
  private final Predicate<RouteSettings> mine;
  private final Consumer<ParityReport> report;
  private final String reporter;
  private Settings settings;
  private ParityCheck check;
  private final Map<String, Long> nextLookNanos = new HashMap<>();
  private final Map<String, ServerFacts> lastSeen = new HashMap<>();
  private final Map<String, DomainFacts> lastDomains = new HashMap<>();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("parity").factory());

  /**
   * @param checks asked again when the settings have changed; what it answers is closed here
   * @param mine whether this worker is the one to look at a route now
   * @param reporter this worker's instance id
   */
  public ParityWatch(
      Supplier<Settings> following,
      Function<Settings, ParityCheck> checks,
      Predicate<RouteSettings> mine,
      Consumer<ParityReport> report,
      String reporter) {
    this.following = following;
    this.checks = checks;
    this.settings = following.get();
    this.check = checks.apply(settings);
    this.mine = mine;
    this.report = report;
    this.reporter = reporter;
  }

  public void start() {
    timer.scheduleWithFixedDelay(
        () -> turn(System.nanoTime()), TURN_MILLIS, TURN_MILLIS, TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    timer.shutdownNow();
    try {
      // A look under way is interrupted; after it nobody touches the check.
      timer.awaitTermination(CLOSE_WAIT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    check.close();
  }

  /** Looks at whatever is due. */
  void turn(long nowNanos) {
    follow();
    for (RouteSettings route : settings.routes().values()) {
      if (!mine.test(route)) {
        nextLookNanos.remove(route.id());
      } else if (nowNanos - nextLookNanos.getOrDefault(route.id(), nowNanos) >= 0) {
        nextLookNanos.put(route.id(), nowNanos + settings.parity().interval().toNanos());
        try {
          look(route);
        } catch (RuntimeException e) {
          // This route's turn is lost; the watch over all others is not.
          LOG.error("the servers of route {} could not be compared", route.id(), e);
        }
      }
    }
  }

  /** Another configuration is looked at anew: what was seen with the old one may be of other servers. */
  private void follow() {
    Settings now = following.get();
    if (!now.equals(settings)) {
      check.close();
      check = checks.apply(now);
      settings = now;
      nextLookNanos.clear();
      lastSeen.clear();
      lastDomains.clear();
    }
  }

  private void look(RouteSettings route) {
    if (route.parity().demand() == Demand.OFF) {
      route.serversInOrder().forEach(server -> tell(route, server, List.of()));
      return;
    }
    Map<String, ServerFacts> facts = new TreeMap<>(check.survey(route.serversInOrder()));
    facts.replaceAll((server, now) -> seen(now) ? now : lastSeen.getOrDefault(server, now));
    facts.values().stream()
        .filter(ParityWatch::seen)
        .forEach(now -> lastSeen.put(now.server(), now));
    DomainFacts domains = check.domains(route, facts);
    if (domains.incomplete()) {
      LOG.warn("route {}: the DNS did not answer all that was asked; see tandem check", route.id());
      domains = lastDomains.getOrDefault(route.id(), DomainFacts.NONE);
    } else {
      lastDomains.put(route.id(), domains);
    }
    RouteParity parity = check.compare(route, facts, domains);
    for (String server : answered(route, facts)) {
      tell(route, server, drifts(parity, server));
    }
  }

  /** Of the others nothing is known; without the primary, nobody is known to differ from it or not. */
  private static List<String> answered(RouteSettings route, Map<String, ServerFacts> facts) {
    List<String> servers =
        route.serversInOrder().stream()
            .filter(server ->
                Optional.ofNullable(facts.get(server)).filter(ParityWatch::seen).isPresent())
            .toList();
    return servers.contains(route.primary()) ? servers : List.of();
  }

  private static boolean seen(ServerFacts facts) {
    boolean brokenTls =
        facts.trouble().filter(trouble -> trouble.phase().equals("starttls")).isPresent();
    return facts.seen() && (facts.trouble().isEmpty() || brokenTls);
  }

  /** What is said of the route's domains is the primary's: it bars nobody. */
  private static List<Drift> drifts(RouteParity parity, String server) {
    boolean primary = server.equals(parity.route().primary());
    return parity.findings().stream()
        .filter(finding -> finding.subject().isSeen())
        .filter(finding -> finding.server().equals(server) || primary && finding.server().isEmpty())
        .sorted((one, other) -> one.grade().compareTo(other.grade()))
        .map((ParityFinding finding) -> finding.drift(parity.route().id()))
        .toList();
  }

  private void tell(RouteSettings route, String server, List<Drift> drifts) {
    report.accept(new ParityReport(server, route.id(), reporter, SteadyClock.now(), drifts));
  }
}
