package io.tandemmail.model.outcome;

import io.tandemmail.model.submission.Role;
import java.time.Instant;
import java.util.Optional;

/**
 * One event on {@code mail.outcomes}: one recipient, one attempt. Never edited, only added to.
 *
 * @param attempt 1 for the first try; 0 for events before any try (accepted, duplicate, rejected, suppressed)
 * @param lane where the attempt's record stands; this is what makes the outcomes a delivery ledger
 * @param category of the reply or fault of an attempt that failed: deferred, bounced or in doubt
 * @param reason in words, where no reply says it: {@code expired after 4d}, {@code mx-a went DOWN}
 * @param metadata the submission's metadata as raw JSON object text
 */
public record Outcome(
    String id,
    String route,
    String recipient,
    OutcomeType type,
    int attempt,
    Optional<LanePosition> lane,
    Optional<SmtpReply> reply,
    Optional<OutcomeCategory> category,
    Optional<String> reason,
    Instant at,
    Instant submittedAt,
    Optional<String> metadata) {

  /** An event that no reply or fault caused, or that was no failure. */
  public Outcome(
      String id,
      String route,
      String recipient,
      OutcomeType type,
      int attempt,
      Optional<LanePosition> lane,
      Optional<SmtpReply> reply,
      Optional<String> reason,
      Instant at,
      Instant submittedAt,
      Optional<String> metadata) {
    this(
        id,
        route,
        recipient,
        type,
        attempt,
        lane,
        reply,
        Optional.empty(),
        reason,
        at,
        submittedAt,
        metadata);
  }

  /** The lane record an attempt was made for. */
  public record LanePosition(String server, Role role, int partition, long offset) {}

  /**
   * The reply that decided.
   *
   * @param phase {@code final-dot}, {@code rcpt}, …
   * @param code RFC 5321 reply code, 0 if no reply was read (the text then names the fault)
   * @param enhanced RFC 3463 code such as {@code 2.0.0}
   */
  public record SmtpReply(String phase, int code, Optional<String> enhanced, String text) {}
}
