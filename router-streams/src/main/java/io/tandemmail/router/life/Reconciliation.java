package io.tandemmail.router.life;

import io.tandemmail.model.outcome.Outcome;
import io.tandemmail.model.outcome.OutcomeType;
import io.tandemmail.model.submission.LastAttempt;
import io.tandemmail.model.submission.MessageFacts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is still to do of what was accepted, told from {@code mail.submitted} and {@code mail.outcomes} alone: after a power
 * loss only the first is sure to be whole, and everything else that the router knew may be older than both.
 *
 * <p>An outcome belongs to the submission with its id <em>and</em> its submission time: an id may be used again after 24
 * hours. Each submission must be told before the outcomes of it; only those that have not ended are kept, so memory
 * grows with the mail that waited, not with the mail that was ever sent.
 *
 * <p>A submission that was a duplicate has no outcome but {@code duplicate}, and is over. One of the same id and the
 * same millisecond as another is one with it.
 */
public final class Reconciliation {
  private final Map<Submission, Open> open = new HashMap<>();

  private record Submission(String id, Instant submittedAt) {}

  /** Where a submission stands in {@code mail.submitted}. */
  public record Place(int partition, long offset) {}

  /**
   * A submission without an end.
   *
   * @param found what its outcomes say; empty when there are none, and the router takes it in like any other
   * @param doubt whose last word is that they are in doubt
   */
  public record Unfinished(
      Place place, Optional<MessageState> found, Optional<LastAttempt.Doubt> doubt) {}

  /** A submission whose last recipient has ended. */
  public record Ended(String id, MessageState state) {}

  private static final class Open {
    private final Place place;
    private final Optional<MessageState> admitted;
    private Optional<MessageState> found = Optional.empty();
    private Optional<LastAttempt.Doubt> doubt = Optional.empty();

    Open(Place place, Optional<MessageState> admitted) {
      this.place = place;
      this.admitted = admitted;
    }
  }

  public void submitted(MessageFacts facts, Place place) {
    MessageState admitted = MessageState.admitted(facts, facts.submittedAt());
    open.putIfAbsent(
        new Submission(facts.id(), facts.submittedAt()), new Open(place, Optional.of(admitted)));
  }

  /** One that the router rejects, or has rejected. */
  public void unreadable(String id, Instant submittedAt, Place place) {
    open.putIfAbsent(new Submission(id, submittedAt), new Open(place, Optional.empty()));
  }

  /**
   * @param offset in its partition of {@code mail.outcomes}
   * @return the submission, once, when this ends it
   */
  public Optional<Ended> recorded(Outcome outcome, long offset) {
    Submission submission = new Submission(outcome.id(), outcome.submittedAt());
    Open waiting = open.get(submission);
    if (waiting == null) {
      return Optional.empty();
    }
    if (waiting.admitted.isEmpty()) {
      // Rejected; or of a route that is not configured any more, and ended when it was.
      if (outcome.type().isFinal()) {
        open.remove(submission);
      }
      return Optional.empty();
    }
    if (outcome.type() == OutcomeType.DUPLICATE) {
      if (waiting.found.isEmpty()) {
        open.remove(submission);
      }
      return Optional.empty();
    }
    MessageState before = waiting.found.orElseGet(waiting.admitted::get);
    MessageState after =
        MessageLife.changes(outcome.type())
            ? before.withOutcome(outcome.recipient(), outcome.type(), offset)
            : before;
    waiting.found = Optional.of(after);
    waiting.doubt = doubt(waiting.doubt, outcome);
    if (!after.ended()) {
      return Optional.empty();
    }
    open.remove(submission);
    return Optional.of(new Ended(outcome.id(), after));
  }

  /** What is left when both topics have been told to their ends; in no order. */
  public List<Unfinished> unfinished() {
    List<Unfinished> all = new ArrayList<>(open.size());
    open.values().forEach(left -> all.add(new Unfinished(left.place, left.found, left.doubt)));
    return all;
  }

  /** A doubt lasts until something else became of the recipient; that it is held, or was routed elsewhere, is no such thing. */
  private static Optional<LastAttempt.Doubt> doubt(
      Optional<LastAttempt.Doubt> before, Outcome outcome) {
    Set<String> recipients = new LinkedHashSet<>();
    before.ifPresent(doubt -> recipients.addAll(doubt.recipients()));
    return switch (outcome.type()) {
      case IN_DOUBT -> {
        recipients.add(outcome.recipient());
        // Without a lane position its record is still in the lane, and is sent again whatever the
        // route says.
        yield outcome
            .lane()
            .map(lane -> new LastAttempt.Doubt(lane.server(), List.copyOf(recipients)))
            .or(() -> before);
      }
      case ACCEPTED, REROUTED, DUPLICATE, HELD, LATE_BOUNCED, COMPLAINED -> before;
      case DELIVERED, BOUNCED, EXPIRED, SUPPRESSED, REJECTED, DEFERRED, RESOLVED -> {
        recipients.remove(outcome.recipient());
        yield before
            .filter(doubt -> !recipients.isEmpty())
            .map(doubt -> new LastAttempt.Doubt(doubt.server(), List.copyOf(recipients)));
      }
    };
  }
}
