package io.tandemmail.model.settings;

import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/** What of a new configuration a running service cannot take on. */
public final class SettingsChange {
  private record Fixed(String key, Function<Settings, Object> value) {}

  /** Everything but routes, servers, health and the API keys: sockets that are bound, clients that are connected. */
  private static final List<Fixed> FIXED =
      List.of(
          new Fixed("kafka", Settings::kafka),
          new Fixed("ingest.http", settings -> settings.ingest().http()),
          new Fixed("ingest.smtp", settings -> settings.ingest().smtp()),
          new Fixed("ingest.max-message-size", settings -> settings.ingest().maxMessageSizeBytes()),
          // Without the file nobody may bind anything but loopback; with it come other rules of the
          // listener.
          new Fixed("ingest.api-keys-file", settings -> settings.ingest().apiKeysFile()),
          new Fixed("console", Settings::console),
          new Fixed("router", Settings::router),
          new Fixed("worker", Settings::worker));

  private SettingsChange() {}

  /** Keys under which the two differ and which only a restart changes; empty when the new ones can be taken on. */
  public static List<String> needsRestart(Settings running, Settings wanted) {
    return FIXED.stream()
        .filter(fixed -> !Objects.equals(fixed.value().apply(running), fixed.value().apply(wanted)))
        .map(Fixed::key)
        .toList();
  }
}
