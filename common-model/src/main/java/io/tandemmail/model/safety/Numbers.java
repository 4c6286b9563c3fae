package io.tandemmail.model.safety;

import java.util.Optional;

/** Reads Kafka's numbers; what is none is left to Kafka, which refuses it in its own words. */
final class Numbers {
  private Numbers() {}

  static Optional<Long> read(Optional<String> text) {
    try {
      return text.map(value -> Long.parseLong(value.strip()));
    } catch (NumberFormatException notANumber) {
      return Optional.empty();
    }
  }
}
