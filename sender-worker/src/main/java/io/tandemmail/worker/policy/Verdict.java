package io.tandemmail.worker.policy;

/**
 * What a result means for one recipient and how far it reaches.
 *
 * @param againstServer true when the server, not the message or its recipient, is at fault: the only thing health hears of
 */
public record Verdict(Type type, boolean againstServer) {
  /** What becomes of the recipient. */
  public enum Type {
    DELIVERED,
    DEFERRED,
    BOUNCED,
    /** May have been delivered; the server never said. */
    IN_DOUBT,
    /** Never tried: ownership was lost. Nobody's fault, and no attempt. */
    NOT_TRIED
  }
}
