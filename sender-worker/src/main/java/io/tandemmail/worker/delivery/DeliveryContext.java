package io.tandemmail.worker.delivery;

import io.tandemmail.model.server.ServerHealth;
import io.tandemmail.model.settings.RouteSettings;
import io.tandemmail.model.settings.RouteSettings.Retry;
import io.tandemmail.smtp.SmtpTransport;
import io.tandemmail.worker.compose.MessageContent;
import io.tandemmail.worker.gate.SendGate;
import io.tandemmail.worker.watch.Watches;
import java.util.Map;
import java.util.function.Function;

/** What all connections of a worker share. */
public record DeliveryContext(
    MessageContent content,
    SmtpTransport transport,
    SendGate gate,
    Function<String, ServerHealth> health,
    HealthSignal signal,
    Ownership ownership,
    Recorder recorder,
    Watches watches,
    WorkerMeters meters,
    Map<String, RouteSettings> routes) {

  Retry retry(String route) {
    RouteSettings settings = routes.get(route);
    return settings == null ? Retry.DEFAULT : settings.retry();
  }
}
