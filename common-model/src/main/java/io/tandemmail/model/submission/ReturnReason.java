package io.tandemmail.model.submission;

import java.util.Locale;
import java.util.Optional;

/** Why a record is on {@code mail.returned} ({@code tandem-reason}). */
public enum ReturnReason {
  /** Tried; not before {@code tandem-not-before}. Carries only the recipients still open. */
  DEFERRED,
  /** Not tried: its server left service and another stands in. Route again at once. */
  REROUTED,
  /** Not tried: the message outlived its limit while it waited. The router ends it. */
  EXPIRED,
  /** Submitted to a partition that is not its home; the router forwards it once. */
  HOME,
  /** No mail: an operator's word on recipients in doubt, {@link io.tandemmail.model.doubt.Resolution}. */
  RESOLVED,
  /** Was in hand when its worker died, three times. The router rejects it with its bytes. */
  QUARANTINED,
  /** Not returned by a worker: known again by its outcomes after a power loss ({@code tandem-state}). */
  RECOVERED;

  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<ReturnReason> ofWireName(String wireName) {
    for (ReturnReason reason : values()) {
      if (reason.wireName().equals(wireName)) {
        return Optional.of(reason);
      }
    }
    return Optional.empty();
  }
}
