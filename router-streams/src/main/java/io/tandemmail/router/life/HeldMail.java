package io.tandemmail.router.life;

import io.tandemmail.model.doubt.InDoubtPolicy;
import io.tandemmail.model.doubt.Resolution;
import io.tandemmail.model.outcome.Outcome;
import io.tandemmail.model.outcome.OutcomeType;
import io.tandemmail.model.retry.RetrySchedule;
import io.tandemmail.model.settings.RouteSettings;
import io.tandemmail.model.submission.LastAttempt;
import io.tandemmail.model.submission.LastAttempt.Doubt;
import io.tandemmail.model.submission.MessageFacts;
import io.tandemmail.router.life.Decision.Emission;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Recipients in doubt of a route that says {@code in-doubt: hold}. They wait in the schedule, in an entry of their own, until
 * the message's time is over: so they are counted like all that waits (I3), and expire like it when no operator says what
 * became of them. The message's other recipients go on (I6).
 *
 * @param facts with the recipients that are held
 * @param doubt why
 * @param until the end of the message's time
 */
record HeldMail(MessageFacts facts, Doubt doubt, Instant until) {

  /** Those of these recipients that are to be held; empty: nobody. */
  static Optional<HeldMail> of(
      MessageFacts open, LastAttempt last, RouteSettings route, Instant now) {
    Instant until = end(route, open);
    if (route.inDoubt() != InDoubtPolicy.HOLD || !now.isBefore(until)) {
      return Optional.empty();
    }
    return last.doubt()
        .flatMap(doubt ->
            only(open, doubt.recipients()).map(facts -> new HeldMail(facts, doubt, until)));
  }

  /** The schedule counts milliseconds, and nothing may be due before its time is over. */
  private static Instant end(RouteSettings route, MessageFacts open) {
    Instant deadline = RetrySchedule.deadline(route.retry(), open);
    Instant whole = deadline.truncatedTo(ChronoUnit.MILLIS);
    return whole.equals(deadline) ? whole : whole.plusMillis(1);
  }

  /** Everybody else, who goes on. */
  Optional<MessageFacts> others(MessageFacts open) {
    return without(open, facts.envelope().forwardPaths());
  }

  List<Emission> emissions(Instant now) {
    String reason =
        "in doubt at "
            + doubt.server()
            + "; not sent again before tandem in-doubt resolve says so, until "
            + until;
    List<Emission> emissions = new ArrayList<>(Events.of(facts, OutcomeType.HELD, reason, now));
    emissions.add(again());
    return emissions;
  }

  /** The same entry of the schedule, without a word. */
  Emission again() {
    return new Emission.ToSchedule(
        facts, until, new LastAttempt(Optional.empty(), Optional.of(doubt)));
  }

  /** The events of a resolution: that it was made, and the end where it is one. */
  static List<Emission> resolved(MessageFacts facts, Resolution resolution, Instant now) {
    List<Emission> events =
        new ArrayList<>(Events.of(facts, OutcomeType.RESOLVED, resolution.inWords(), now));
    end(resolution)
        .ifPresent(type ->
            facts.envelope().forwardPaths().stream()
                .map(recipient -> ended(facts, recipient, type, resolution, now))
                .map(Emission.Event::new)
                .forEach(events::add));
    return events;
  }

  /** Empty: it is sent again. */
  static Optional<OutcomeType> end(Resolution resolution) {
    return switch (resolution.as()) {
      case DELIVERED -> Optional.of(OutcomeType.DELIVERED);
      case FAILED -> Optional.of(OutcomeType.BOUNCED);
      case RESEND -> Optional.empty();
    };
  }

  static Outcome ended(
      MessageFacts facts, String recipient, OutcomeType type, Resolution resolution, Instant now) {
    Outcome plain = Events.one(facts, recipient, type, "", now);
    return Events.withReply(plain, "resolved", resolution.inWords());
  }

  static Optional<MessageFacts> only(MessageFacts facts, List<String> wanted) {
    Set<String> kept = Set.copyOf(wanted);
    return with(facts, facts.envelope().forwardPaths().stream().filter(kept::contains).toList());
  }

  static Optional<MessageFacts> without(MessageFacts facts, List<String> unwanted) {
    Set<String> gone = Set.copyOf(unwanted);
    return with(
        facts,
        facts.envelope().forwardPaths().stream()
            .filter(recipient -> !gone.contains(recipient))
            .toList());
  }

  static Optional<MessageFacts> with(MessageFacts facts, List<String> recipients) {
    return recipients.isEmpty()
        ? Optional.empty()
        : Optional.of(facts.withEnvelope(facts.envelope().withForwardPaths(recipients)));
  }
}
