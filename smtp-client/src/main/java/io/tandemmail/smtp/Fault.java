package io.tandemmail.smtp;

import java.util.Locale;

/** What went wrong where no reply says it. */
public record Fault(Kind kind, Phase phase, String detail) {
  /** The kinds an operator acts on differently. */
  public enum Kind {
    DNS,
    REFUSED,
    CONNECT_TIMEOUT,
    REPLY_TIMEOUT,
    /** The server took no more bytes. */
    WRITE_TIMEOUT,
    RESET,
    CLOSED,
    TLS,
    /** The server spoke when it should have listened, or answered in a way that credits no command. */
    OUT_OF_STEP,
    REPLY_TOO_LONG,
    /** This worker may no longer own the message; no fault of the server. */
    NOT_FRESH,
    /** The server, or this route's settings, would have a password sent in clear. */
    AUTH_WITHOUT_TLS,
    /** The password file cannot be read. */
    CREDENTIALS
  }

  @Override
  public String toString() {
    return kind.name().toLowerCase(Locale.ROOT).replace('_', ' ')
        + " at "
        + phase.wireName()
        + (detail.isEmpty() ? "" : ": " + detail);
  }
}
