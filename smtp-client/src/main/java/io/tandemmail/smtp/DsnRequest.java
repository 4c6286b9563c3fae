package io.tandemmail.smtp;

import java.util.Optional;
import java.util.Set;

/**
 * What is asked of a server that offers DSN (RFC 3461); of any other it is left out.
 *
 * @param envelopeId ENVID: comes back as Original-Envelope-Id in a later report; plain text, encoded by the engine
 * @param content RET: how much of the message a report shall carry
 * @param notifyOn NOTIFY of every recipient; empty: the server's default
 * @param originalRecipient whether ORCPT names each recipient as submitted
 */
public record DsnRequest(
    Optional<String> envelopeId,
    Optional<Content> content,
    Set<Notify> notifyOn,
    boolean originalRecipient) {

  public static final DsnRequest NONE =
      new DsnRequest(Optional.empty(), Optional.empty(), Set.of(), false);

  public DsnRequest {
    notifyOn = Set.copyOf(notifyOn);
    if (notifyOn.contains(Notify.NEVER) && notifyOn.size() > 1) {
      throw new IllegalArgumentException("NOTIFY=NEVER stands alone (RFC 3461 section 4.1)");
    }
  }

  /** RFC 3461 section 4.3. */
  public enum Content {
    FULL,
    HDRS
  }

  /** RFC 3461 section 4.1. */
  public enum Notify {
    NEVER,
    SUCCESS,
    FAILURE,
    DELAY
  }
}
