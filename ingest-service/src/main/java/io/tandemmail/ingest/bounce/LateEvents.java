package io.tandemmail.ingest.bounce;

import io.tandemmail.ingest.bounce.IncomingReport.Failed;
import io.tandemmail.model.address.EmailAddress;
import io.tandemmail.model.bounce.BadMailbox;
import io.tandemmail.model.outcome.Outcome;
import io.tandemmail.model.outcome.Outcome.SmtpReply;
import io.tandemmail.model.outcome.OutcomeType;
import io.tandemmail.model.settings.RouteSettings.Bounces;
import io.tandemmail.model.suppression.Suppression;
import io.tandemmail.model.suppression.Suppression.Source;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A report and its message as events. They add to the outcomes and change none: exactly one final outcome per recipient
 * (I1) holds, whatever a stranger reports afterwards.
 *
 * @param outcomes what is new
 * @param repeated recipients whose event was there already
 * @param unclear recipients that are none of the message's
 */
public record LateEvents(List<Outcome> outcomes, List<String> repeated, List<String> unclear) {

  public LateEvents {
    outcomes = List.copyOf(outcomes);
    repeated = List.copyOf(repeated);
    unclear = List.copyOf(unclear);
  }

  public static LateEvents of(IncomingReport report, KnownMessage message, Instant at) {
    Collected collected = new Collected(message, at);
    switch (report) {
      case IncomingReport.NothingBad nothing -> {}
      case IncomingReport.Failures failures -> {
        for (Failed failed : failures.failed()) {
          collected.add(
              failed.named(),
              OutcomeType.LATE_BOUNCED,
              Optional.of(failed.reply()),
              Optional.empty());
        }
      }
      case IncomingReport.Complaint complaint ->
          (complaint.recipients().isEmpty() ? List.of("") : complaint.recipients())
              .forEach(recipient ->
                  collected.add(
                      List.of(recipient),
                      OutcomeType.COMPLAINED,
                      Optional.empty(),
                      Optional.of(complaint.type())));
    }
    return new LateEvents(collected.outcomes, collected.repeated, collected.unclear);
  }

  /** What the new events put on the suppression list, as the route has it. */
  public List<Suppression> suppressions(Bounces bounces) {
    List<Suppression> entries = new ArrayList<>();
    for (Outcome outcome : outcomes) {
      if (bounces.suppressHardBounces() && BadMailbox.isSaidBy(outcome)) {
        entries.add(Suppression.hardBounce(outcome));
      }
      if (bounces.suppressComplaints() && outcome.type() == OutcomeType.COMPLAINED) {
        entries.add(
            Suppression.because(outcome, Source.COMPLAINT, outcome.reason().orElse("complaint")));
      }
    }
    return entries;
  }

  private static final class Collected {
    private final KnownMessage message;
    private final Instant at;
    private final Set<String> events;
    private final List<Outcome> outcomes = new ArrayList<>();
    private final List<String> repeated = new ArrayList<>();
    private final List<String> unclear = new ArrayList<>();

    Collected(KnownMessage message, Instant at) {
      this.message = message;
      this.at = at;
      this.events = new HashSet<>(message.events());
    }

    void add(
        List<String> named, OutcomeType type, Optional<SmtpReply> reply, Optional<String> reason) {
      Optional<String> recipient = recipient(named);
      if (recipient.isEmpty()) {
        unclear.add(named.isEmpty() ? "" : named.getFirst());
      } else if (!events.add(KnownMessage.event(type.wireName(), recipient.get()))) {
        repeated.add(recipient.get());
      } else {
        outcomes.add(outcome(recipient.get(), type, reply, reason));
      }
    }

    /**
     * The message's own word for it. Where it has one recipient, that is the one: a report names whom the mail was
     * forwarded to, and many complaints name nobody.
     */
    private Optional<String> recipient(List<String> named) {
      List<String> own = message.recipients();
      if (own.isEmpty()) {
        return named.stream()
            .filter(address -> EmailAddress.problem(address).isEmpty())
            .findFirst();
      }
      for (String address : named) {
        for (String recipient : own) {
          if (Suppression.key(recipient).equals(Suppression.key(address))) {
            return Optional.of(recipient);
          }
        }
      }
      return own.size() == 1 ? Optional.of(own.getFirst()) : Optional.empty();
    }

    private Outcome outcome(
        String recipient, OutcomeType type, Optional<SmtpReply> reply, Optional<String> reason) {
      return new Outcome(
          message.id(),
          message.route(),
          recipient,
          type,
          message.attempts(),
          Optional.empty(),
          reply,
          reason,
          at,
          message.submittedAt(),
          message.metadata());
    }
  }
}
