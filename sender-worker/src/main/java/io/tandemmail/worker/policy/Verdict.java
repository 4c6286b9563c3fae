package io.tandemmail.worker.policy;

/**
 * What a reply or fault means for one recipient (docs/reply-policy.md has every case).
 *
 * @param reach how far the bad news reaches
 * @param againstServer true when the server, not the message or its recipient, is at fault: the only thing health hears of
 * @param when the next try may be made
 * @param where it should be made
 */
public record Verdict(Type type, Reach reach, boolean againstServer, When when, Where where) {
  /** What becomes of the recipient. */
  public enum Type {
    DELIVERED,
    DEFERRED,
    BOUNCED,
    /** May have been delivered; the server never said. */
    IN_DOUBT,
    /** Never tried: ownership was lost or no session was had. No attempt. */
    NOT_TRIED
  }

  /** What else would meet the same. */
  public enum Reach {
    RECIPIENT,
    MESSAGE,
    /** Everything else on this connection, so it is closed. */
    CONNECTION,
    /** Every message for this server. */
    SERVER
  }

  /** How long to wait. */
  public enum When {
    NEVER,
    /** In the rest of the message, as soon as this transaction is recorded; needs a recipient that was delivered. */
    AT_ONCE,
    /** Twice within seconds, then by the schedule. */
    SOON,
    /** As {@link #SOON} where the route has another server, which was told nothing; else by {@link #SCHEDULE}. */
    SOON_ELSEWHERE,
    /** By the route's {@code retry}. */
    SCHEDULE,
    /** Held by the worker, which asks the send gate again. */
    GATE
  }

  /** Which server to prefer; none is insisted on where there is no choice. */
  public enum Where {
    NOWHERE,
    /** As the router places any mail. */
    ANY,
    /** Where it was: that server knows it already. */
    HERE,
    /** Another server of the route that is in service. */
    ELSEWHERE
  }
}
