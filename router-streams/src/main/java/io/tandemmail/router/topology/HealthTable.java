package io.tandemmail.router.topology;

import io.tandemmail.model.server.ServerHealth;
import io.tandemmail.model.server.ServerJson;
import io.tandemmail.router.choice.HealthView;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/**
 * Health as the global table has it. The table holds raw bytes, because a value that a deserializer refuses would stop
 * the whole application; what cannot be read counts as unknown. Decoded values are kept as long as their bytes stand.
 */
final class HealthTable implements HealthView {
  private final ReadOnlyKeyValueStore<String, byte[]> table;
  private final Map<String, Decoded> decoded = new HashMap<>();

  HealthTable(ReadOnlyKeyValueStore<String, byte[]> table) {
    this.table = table;
  }

  @Override
  public ServerHealth of(String server) {
    byte[] raw = table.get(server);
    if (raw == null) {
      return ServerHealth.unknown(server);
    }
    Decoded known = decoded.get(server);
    if (known == null || !Arrays.equals(known.raw, raw)) {
      known =
          new Decoded(
              raw, ServerJson.readHealth(raw).orElseGet(() -> ServerHealth.unknown(server)));
      decoded.put(server, known);
    }
    return known.health;
  }

  private record Decoded(byte[] raw, ServerHealth health) {}
}
