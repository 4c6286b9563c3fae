package io.tandemmail.router.topology;

import io.tandemmail.model.suppression.Suppression;
import io.tandemmail.model.suppression.SuppressionJson;
import io.tandemmail.router.life.Suppressions;
import java.util.Optional;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/**
 * The suppression list as the global table has it: on disk, because it may hold millions, and raw, because a value that a
 * deserializer refuses would stop the whole application.
 */
final class SuppressionTable implements Suppressions {
  private final ReadOnlyKeyValueStore<String, byte[]> table;

  SuppressionTable(ReadOnlyKeyValueStore<String, byte[]> table) {
    this.table = table;
  }

  @Override
  public Optional<Suppression> of(String recipient) {
    String key = Suppression.key(recipient);
    return Optional.ofNullable(table.get(key)).map(value -> SuppressionJson.read(key, value));
  }
}
