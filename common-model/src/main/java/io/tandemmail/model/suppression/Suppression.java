package io.tandemmail.model.suppression;

import io.tandemmail.model.outcome.Outcome;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * One entry of the list. It stops every route's mail to the address, whichever route it came from.
 *
 * @param recipient as it was given; {@link #key} says which addresses it stops
 * @param reason in words, for people
 * @param route whose mail brought it about; none where an operator did
 */
public record Suppression(
    String recipient, String reason, Source source, Instant at, Optional<String> route) {

  /** Who put it there. */
  public enum Source {
    OPERATOR,
    HARD_BOUNCE,
    COMPLAINT;

    public String wireName() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public static Optional<Source> ofWireName(String wireName) {
      for (Source source : values()) {
        if (source.wireName().equals(wireName)) {
          return Optional.of(source);
        }
      }
      return Optional.empty();
    }
  }

  /** Because of a reply that says that the mailbox is bad. */
  public static Suppression hardBounce(Outcome bounce) {
    String said =
        bounce
            .reply()
            .map(reply ->
                reply.code()
                    + reply.enhanced().map(code -> " " + code).orElse("")
                    + " "
                    + reply.text())
            .orElse("");
    return because(bounce, Source.HARD_BOUNCE, said);
  }

  public static Suppression because(Outcome outcome, Source source, String reason) {
    return new Suppression(
        outcome.recipient(), reason, source, outcome.at(), Optional.of(outcome.route()));
  }

  /**
   * The record's key: the address in lower case. A local-part's case may matter to its server (RFC 5321 section 2.4), but
   * a list that Ann@example.net slips past protects nobody.
   */
  public static String key(String address) {
    return address.toLowerCase(Locale.ROOT);
  }
}
