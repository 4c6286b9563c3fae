package io.tandemmail.model.submission;

import java.time.Instant;
import java.util.Optional;

/**
 * All that the pipeline needs to know of a message to route, send and record it; the value bytes travel beside it.
 *
 * @param sendAt do not send before
 * @param expiresAt the submission's own limit; the route's {@code give-up-after} holds besides
 * @param attempt attempts made so far; the next one is {@code attempt + 1}
 * @param hops how often it was re-routed without an attempt
 * @param metadata raw JSON object text, handed back in every outcome
 */
public record MessageFacts(
    String id,
    String route,
    Envelope envelope,
    ContentType contentType,
    Instant submittedAt,
    Optional<Instant> sendAt,
    Optional<Instant> expiresAt,
    int attempt,
    int hops,
    Optional<String> metadata) {

  public MessageFacts withEnvelope(Envelope remaining) {
    return new MessageFacts(
        id, route, remaining, contentType, submittedAt, sendAt, expiresAt, attempt, hops, metadata);
  }

  public MessageFacts withAttempt(int made) {
    return new MessageFacts(
        id, route, envelope, contentType, submittedAt, sendAt, expiresAt, made, hops, metadata);
  }

  public MessageFacts withHops(int made) {
    return new MessageFacts(
        id, route, envelope, contentType, submittedAt, sendAt, expiresAt, attempt, made, metadata);
  }
}
