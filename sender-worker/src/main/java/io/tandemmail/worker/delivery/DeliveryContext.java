package io.tandemmail.worker.delivery;

import io.tandemmail.model.server.ServerHealth;
import io.tandemmail.model.settings.RouteSettings;
import io.tandemmail.model.settings.Settings;
import io.tandemmail.smtp.SmtpTransport;
import io.tandemmail.worker.compose.MessageContent;
import io.tandemmail.worker.gate.SendGate;
import io.tandemmail.worker.watch.Watches;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** What all connections of a worker share; what follows the configuration is asked for at each use. */
public record DeliveryContext(
    Supplier<MessageContent> content,
    SmtpTransport transport,
    Supplier<SendGate> gate,
    Function<String, ServerHealth> health,
    HealthSignal signal,
    Ownership ownership,
    Recorder recorder,
    Watches watches,
    WorkerMeters meters,
    Supplier<Settings> settings) {

  /** The cluster's opinion; but a server that this worker alone cannot get through to is out of service for its mail. */
  ServerHealth healthHere(String server) {
    ServerHealth all = health.apply(server);
    return isOutOfReachHere(all) ? all.outOfReach() : all;
  }

  boolean isOutOfReachHere(ServerHealth all) {
    return all.inService() && watches.isOutOfReach(all.server());
  }

  /** @param server where its mail is, all that is known of a route which is configured no longer */
  RouteSettings route(String id, String server) {
    RouteSettings known = settings.get().routes().get(id);
    return known == null
        ? new RouteSettings(id, server, List.of(), RouteSettings.Retry.DEFAULT)
        : known;
  }
}
