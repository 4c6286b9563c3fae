package io.tandemmail.router.life;

import io.tandemmail.model.outcome.Outcome;
import io.tandemmail.model.outcome.Outcome.SmtpReply;
import io.tandemmail.model.outcome.OutcomeType;
import io.tandemmail.model.submission.MessageFacts;
import io.tandemmail.router.life.Decision.Emission;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The router's own outcomes. */
final class Events {
  private Events() {}

  /** One for each recipient of these facts. */
  static List<Emission> of(MessageFacts facts, OutcomeType type, String reason, Instant now) {
    List<Emission> events = new ArrayList<>();
    for (String recipient : facts.envelope().forwardPaths()) {
      events.add(new Emission.Event(one(facts, recipient, type, reason, now)));
    }
    return events;
  }

  static Outcome one(
      MessageFacts facts, String recipient, OutcomeType type, String reason, Instant now) {
    return new Outcome(
        facts.id(),
        facts.route(),
        recipient,
        type,
        facts.attempt(),
        Optional.empty(),
        Optional.empty(),
        reason.isEmpty() ? Optional.empty() : Optional.of(reason),
        now,
        facts.submittedAt(),
        facts.metadata());
  }

  /** In place of a reply that was never read. */
  static Outcome withReply(Outcome event, String phase, String text) {
    return new Outcome(
        event.id(),
        event.route(),
        event.recipient(),
        event.type(),
        event.attempt(),
        event.lane(),
        Optional.of(new SmtpReply(phase, 0, Optional.empty(), text)),
        event.category(),
        Optional.empty(),
        event.at(),
        event.submittedAt(),
        event.metadata());
  }
}
