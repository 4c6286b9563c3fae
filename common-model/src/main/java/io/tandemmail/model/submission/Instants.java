package io.tandemmail.model.submission;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/** Times as users write them: ISO-8601 with {@code Z} or an offset. */
final class Instants {
  private Instants() {}

  static Optional<Instant> read(String text) {
    try {
      return Optional.of(OffsetDateTime.parse(text).toInstant());
    } catch (DateTimeParseException notATime) {
      return Optional.empty();
    }
  }
}
