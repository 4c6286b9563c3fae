package io.tandemmail.model.outcome;

import java.util.Locale;
import java.util.Optional;

/** What became of an attempt for one recipient. Exactly one final type ends every recipient of a message (I1). */
public enum OutcomeType {
  DELIVERED(true),
  BOUNCED(true),
  EXPIRED(true),
  SUPPRESSED(true),
  REJECTED(true),
  ACCEPTED(false),
  DEFERRED(false),
  REROUTED(false),
  DUPLICATE(false),
  IN_DOUBT(false);

  private final boolean isFinal;
  private final String wireName;

  OutcomeType(boolean isFinal) {
    this.isFinal = isFinal;
    this.wireName = name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  public boolean isFinal() {
    return isFinal;
  }

  public String wireName() {
    return wireName;
  }

  public static Optional<OutcomeType> ofWireName(String wireName) {
    for (OutcomeType type : values()) {
      if (type.wireName.equals(wireName)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
