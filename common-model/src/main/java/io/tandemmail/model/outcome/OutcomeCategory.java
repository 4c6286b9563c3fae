package io.tandemmail.model.outcome;

import java.util.Locale;
import java.util.Optional;

/**
 * Why an attempt failed, in one word that stays the same whatever words the server used (docs/reply-policy.md,
 * "Categories"). For reports, suppression and alerts; what happens next to the message does not depend on it.
 */
public enum OutcomeCategory {
  /** No such recipient, or one that takes no mail. */
  BAD_MAILBOX,
  MAILBOX_FULL,
  /** Refused by a rule about size, content, sender or settings. */
  POLICY,
  /** Taken for spam, or comes from an address that is blocked. */
  SPAM_BLOCK,
  /** Too much, too fast or too soon; greylisting too. */
  THROTTLED,
  /** The server wants a login, or does not relay for this client. */
  AUTH,
  TLS,
  DNS,
  OTHER;

  private final String wireName = name().toLowerCase(Locale.ROOT).replace('_', '-');

  public String wireName() {
    return wireName;
  }

  public static Optional<OutcomeCategory> ofWireName(String wireName) {
    for (OutcomeCategory category : values()) {
      if (category.wireName.equals(wireName)) {
        return Optional.of(category);
      }
    }
    return Optional.empty();
  }
}
