package io.tandemmail.worker.policy;

import io.tandemmail.model.outcome.Outcome;
import io.tandemmail.model.outcome.Outcome.LanePosition;
import io.tandemmail.model.outcome.Outcome.SmtpReply;
import io.tandemmail.model.outcome.OutcomeType;
import io.tandemmail.model.retry.RetrySchedule;
import io.tandemmail.model.settings.RouteSettings;
import io.tandemmail.model.submission.LastAttempt;
import io.tandemmail.model.submission.MessageFacts;
import io.tandemmail.model.submission.ReturnReason;
import io.tandemmail.smtp.EnhancedCode;
import io.tandemmail.smtp.Fault;
import io.tandemmail.smtp.RecipientResult;
import io.tandemmail.smtp.Reply;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What to append after an attempt.
 *
 * @param outcomes one per recipient that was tried
 * @param giveBack the message with the recipients still open, for the router
 */
public record AttemptReport(List<Outcome> outcomes, Optional<GiveBack> giveBack) {
  private static final int TEXT_CHARS_MAX = 512;

  public AttemptReport {
    outcomes = List.copyOf(outcomes);
  }

  /**
   * A record for {@code mail.returned}.
   *
   * @param notBefore empty: at once
   * @param last what the attempt says about the next one
   */
  public record GiveBack(
      MessageFacts facts, ReturnReason reason, Optional<Instant> notBefore, LastAttempt last) {}

  /** Nobody was tried, so nothing is recorded: ownership was lost, and the new owner will do it. */
  public boolean isEmpty() {
    return outcomes.isEmpty();
  }

  /** The outcomes of those to whom it was delivered: true whoever owns the lane partition by now. */
  public AttemptReport delivered() {
    return new AttemptReport(
        outcomes.stream().filter(AttemptReport::isDelivered).toList(), Optional.empty());
  }

  /** Everything else: only the owner of the lane partition may record it. */
  public AttemptReport undelivered() {
    return new AttemptReport(
        outcomes.stream().filter(outcome -> !isDelivered(outcome)).toList(), giveBack);
  }

  /** The doubts of a worker that is not the owner any more: they name no lane record ({@link Doubt}). */
  public List<Outcome> doubts() {
    return outcomes.stream()
        .filter(outcome -> outcome.type() == OutcomeType.IN_DOUBT)
        .map(Doubt::unansweredAndLost)
        .toList();
  }

  /**
   * Judges every result and plans the next attempt for those deferred or in doubt.
   *
   * <p>Empty when one recipient was not tried, whatever the others were told: without a dot nobody was delivered, and a
   * record of some would end the message for those that are missing from it (I1).
   *
   * @param route the message's, as configured now
   */
  public static AttemptReport of(
      MessageFacts before,
      LanePosition lane,
      List<RecipientResult> results,
      RouteSettings route,
      Instant now) {
    MessageFacts facts = before.withAttempt(before.attempt() + 1);
    List<Outcome> outcomes = new ArrayList<>();
    OpenRecipients open = new OpenRecipients(route.hasAnother(lane.server()));
    for (RecipientResult result : results) {
      Verdict verdict = ReplyPolicy.judge(result);
      Optional<OutcomeType> type = type(verdict);
      if (type.isEmpty()) {
        return new AttemptReport(List.of(), Optional.empty());
      }
      outcomes.add(tried(facts, lane, result, type.get(), now));
      open.add(result.recipient(), verdict);
    }
    if (open.isEmpty()) {
      return new AttemptReport(outcomes, Optional.empty());
    }
    MessageFacts remaining = facts.withEnvelope(facts.envelope().withForwardPaths(open.inOrder()));
    LastAttempt last = open.seenFrom(lane.server());
    if (open.atOnce()) {
      LastAttempt anywhere = new LastAttempt(Optional.empty(), last.doubt());
      return new AttemptReport(
          outcomes,
          Optional.of(new GiveBack(remaining, ReturnReason.DEFERRED, Optional.empty(), anywhere)));
    }
    GiveBack giveBack =
        switch (RetrySchedule.next(route.retry(), facts, open.cause(), now)) {
          case RetrySchedule.Decision.TryAgain again ->
              new GiveBack(remaining, ReturnReason.DEFERRED, Optional.of(again.notBefore()), last);
          case RetrySchedule.Decision.GiveUp giveUp ->
              new GiveBack(remaining, ReturnReason.EXPIRED, Optional.empty(), last);
        };
    return new AttemptReport(outcomes, Optional.of(giveBack));
  }

  /** Not tried here: given back to the router as it is. */
  public static AttemptReport untried(
      MessageFacts facts, LanePosition lane, ReturnReason reason, String why, Instant now) {
    return untried(facts, lane, reason, Optional.empty(), why, now);
  }

  /**
   * The same.
   *
   * @param avoid the server that another one is preferred to, although it may be in service
   */
  public static AttemptReport untried(
      MessageFacts facts,
      LanePosition lane,
      ReturnReason reason,
      Optional<String> avoid,
      String why,
      Instant now) {
    MessageFacts moved = facts.withHops(facts.hops() + 1);
    List<Outcome> outcomes = untried(facts, lane, OutcomeType.REROUTED, why, now);
    return new AttemptReport(
        outcomes,
        Optional.of(
            new GiveBack(
                moved, reason, Optional.empty(), new LastAttempt(avoid, Optional.empty()))));
  }

  /** Ended here because it can never be sent, whatever the server. */
  public static AttemptReport rejected(
      MessageFacts facts, LanePosition lane, String why, Instant now) {
    return new AttemptReport(
        untried(facts, lane, OutcomeType.REJECTED, why, now), Optional.empty());
  }

  private static boolean isDelivered(Outcome outcome) {
    return outcome.type() == OutcomeType.DELIVERED;
  }

  private static Optional<OutcomeType> type(Verdict verdict) {
    return switch (verdict.type()) {
      case DELIVERED -> Optional.of(OutcomeType.DELIVERED);
      case DEFERRED -> Optional.of(OutcomeType.DEFERRED);
      case BOUNCED -> Optional.of(OutcomeType.BOUNCED);
      case IN_DOUBT -> Optional.of(OutcomeType.IN_DOUBT);
      case NOT_TRIED -> Optional.empty();
    };
  }

  private static SmtpReply reply(RecipientResult result) {
    return switch (result) {
      case RecipientResult.Answered(var recipient, var phase, Reply reply) ->
          new SmtpReply(
              phase.wireName(),
              reply.code(),
              reply.enhanced().map(EnhancedCode::toString),
              bounded(reply.text()));
      case RecipientResult.Faulted(var recipient, Fault fault) -> unread(fault);
      case RecipientResult.InDoubt(var recipient, Fault fault) -> unread(fault);
    };
  }

  private static SmtpReply unread(Fault fault) {
    return new SmtpReply(fault.phase().wireName(), 0, Optional.empty(), bounded(fault.toString()));
  }

  private static Outcome tried(
      MessageFacts facts,
      LanePosition lane,
      RecipientResult result,
      OutcomeType type,
      Instant now) {
    return new Outcome(
        facts.id(),
        facts.route(),
        result.recipient(),
        type,
        facts.attempt(),
        Optional.of(lane),
        Optional.of(reply(result)),
        type == OutcomeType.DELIVERED
            ? Optional.empty()
            : Optional.of(BounceClassifier.standard().categoryOf(result)),
        Optional.empty(),
        now,
        facts.submittedAt(),
        facts.metadata());
  }

  private static List<Outcome> untried(
      MessageFacts facts, LanePosition lane, OutcomeType type, String why, Instant now) {
    List<Outcome> outcomes = new ArrayList<>();
    for (String recipient : facts.envelope().forwardPaths()) {
      outcomes.add(
          new Outcome(
              facts.id(),
              facts.route(),
              recipient,
              type,
              facts.attempt(),
              Optional.of(lane),
              Optional.empty(),
              Optional.of(why),
              now,
              facts.submittedAt(),
              facts.metadata()));
    }
    return outcomes;
  }

  private static String bounded(String text) {
    return text.length() > TEXT_CHARS_MAX ? text.substring(0, TEXT_CHARS_MAX) : text;
  }
}
