package io.tandemmail.model.outcome;

import java.util.Locale;
import java.util.Optional;

/** What became of an attempt for one recipient. Exactly one final type ends every recipient of a message (I1). Routers store its order: add at the end. */
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
  IN_DOUBT(false),
  /** A report that came after the outcome said that the mail did not arrive; the outcome stands (I1). */
  LATE_BOUNCED(false),
  /** The recipient complained of the mail (RFC 5965). */
  COMPLAINED(false),
  /** In doubt, and by the route's policy not sent again until an operator says what became of it. */
  HELD(false),
  /** The operator has said; a final outcome or a new attempt follows. */
  RESOLVED(false);

  private final boolean isFinal;
  private final String wireName;

  OutcomeType(boolean isFinal) {
    this.isFinal = isFinal;
    this.wireName = name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  public boolean isFinal() {
    return isFinal;
  }

  /** True for what is kept with the message and changes nothing of its recipient's state. */
  public boolean isAside() {
    return this == LATE_BOUNCED || this == COMPLAINED || this == HELD || this == RESOLVED;
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
