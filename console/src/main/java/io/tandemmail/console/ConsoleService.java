package io.tandemmail.console;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tandemmail.console.browser.BrowserRules;
import io.tandemmail.console.drill.Drills;
import io.tandemmail.console.web.ConsoleRoutes;
import io.tandemmail.console.web.DrillOrders;
import io.tandemmail.console.web.EventStream;
import io.tandemmail.console.web.KafkaOrderLog;
import io.tandemmail.console.web.MessageSearch;
import io.tandemmail.console.web.ServerOrders;
import io.tandemmail.model.settings.HttpAddress;
import io.tandemmail.model.settings.Settings;
import io.tandemmail.runtime.config.Live;
import io.tandemmail.runtime.http.OperationsServer;
import io.tandemmail.runtime.lookup.RouterLookup;
import io.tandemmail.runtime.metrics.Metrics;
import io.tandemmail.runtime.presence.PresenceBeacon;
import java.util.Optional;

/** The console, wired from the readings to those who look. */
public final class ConsoleService implements AutoCloseable {
  private final Live<Settings> settings;
  private final StatusReader reader;
  private final StatusFeed feed;
  private final EventStream stream = new EventStream();
  private final RouterLookup lookup;
  private final KafkaOrderLog orders;
  private final Drills drills;
  private final OperationsServer http;
  private final PresenceBeacon presence;

  /**
   * @param instance unique in the cluster
   * @param inspector asked before a drill moves mail
   */
  public static ConsoleService start(
      Live<Settings> settings, String instance, String version, Drills.Inspector inspector) {
    return new ConsoleService(settings, instance, version, inspector);
  }

  private ConsoleService(
      Live<Settings> settings, String instance, String version, Drills.Inspector inspector) {
    this.settings = settings;
    PrometheusMeterRegistry registry = Metrics.registry();
    reader = new StatusReader(settings, instance);
    lookup = new RouterLookup(() -> reader.live("router"));
    orders = new KafkaOrderLog(settings.get().kafka(), instance);
    drills = Drills.start(settings, inspector, instance);
    feed = new StatusFeed(reader::read, new StatusMeters(registry, drills::age));
    feed.onReading(status -> stream.publish("status", StatusJson.all(status)));
    reader.onHealthChange(health -> stream.publish("health", StatusJson.server(health)));
    HttpAddress address = settings.get().console();
    http =
        OperationsServer.start(
            address, "console.port", registry, this::notReady, routes(address)::add);
    feed.start();
    presence =
        PresenceBeacon.start(
            settings, new PresenceBeacon.Service(instance, "console", http.url(), version));
  }

  public String url() {
    return http.url();
  }

  /** The streams end first: a server that stops in good order would wait for them. */
  @Override
  public void close() {
    presence.close();
    feed.close();
    stream.close();
    http.close();
    lookup.close();
    drills.close();
    orders.close();
    reader.close();
  }

  private ConsoleRoutes routes(HttpAddress address) {
    return new ConsoleRoutes(
        new ConsoleRoutes.Shown(feed::latest, reader.history()),
        stream,
        new ConsoleRoutes.Orders(
            new ServerOrders(() -> settings.get().servers().keySet(), orders),
            new DrillOrders(settings, drills)),
        new MessageSearch(lookup, () -> showsMessages(settings.get())),
        new BrowserRules(address.isLoopback(), address.address()));
  }

  private static boolean showsMessages(Settings now) {
    return now.console().isLoopback() || now.ingest().apiKeysFile().isEmpty();
  }

  private Optional<String> notReady() {
    return feed.latest().isEmpty() ? Optional.of("no status could be read yet") : Optional.empty();
  }
}
