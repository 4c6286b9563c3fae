package io.tandemmail.worker.delivery;

import io.tandemmail.model.server.ServerHealth;
import io.tandemmail.model.settings.RouteSettings;
import io.tandemmail.model.settings.RouteSettings.Retry;
import io.tandemmail.model.settings.Settings;
import io.tandemmail.smtp.SmtpTransport;
import io.tandemmail.worker.compose.MessageContent;
import io.tandemmail.worker.gate.SendGate;
import io.tandemmail.worker.watch.Watches;
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

  Retry retry(String route) {
    RouteSettings known = settings.get().routes().get(route);
    return known == null ? Retry.DEFAULT : known.retry();
  }
}
