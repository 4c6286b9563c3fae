package io.tandemmail.worker.policy;

import io.tandemmail.model.outcome.Outcome;
import io.tandemmail.model.outcome.Outcome.LanePosition;
import io.tandemmail.model.outcome.Outcome.SmtpReply;
import io.tandemmail.model.outcome.OutcomeType;
import io.tandemmail.model.retry.RetrySchedule;
import io.tandemmail.model.retry.RetrySchedule.Cause;
import io.tandemmail.model.settings.RouteSettings.Retry;
import io.tandemmail.model.submission.MessageFacts;
import io.tandemmail.model.submission.ReturnReason;
import io.tandemmail.worker.smtp.EnhancedCode;
import io.tandemmail.worker.smtp.Fault;
import io.tandemmail.worker.smtp.RecipientResult;
import io.tandemmail.worker.smtp.Reply;
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

  /** A record for {@code mail.returned}. */
  public record GiveBack(MessageFacts facts, ReturnReason reason, Optional<Instant> notBefore) {}

  /** Nobody was tried, so nothing is recorded: ownership was lost, and the new owner will do it. */
  public boolean isEmpty() {
    return outcomes.isEmpty();
  }

  /** Judges every result and plans the next attempt for those deferred or in doubt. */
  public static AttemptReport of(
      MessageFacts before,
      LanePosition lane,
      List<RecipientResult> results,
      Retry retry,
      Instant now) {
    MessageFacts facts = before.withAttempt(before.attempt() + 1);
    List<Outcome> outcomes = new ArrayList<>();
    List<String> open = new ArrayList<>();
    Cause cause = Cause.REPLY;
    for (RecipientResult result : results) {
      Verdict verdict = ReplyPolicy.judge(result);
      Optional<OutcomeType> type = type(verdict);
      if (type.isEmpty()) {
        continue;
      }
      outcomes.add(
          outcome(
              facts,
              lane,
              result.recipient(),
              type.get(),
              Optional.of(reply(result)),
              Optional.empty(),
              now));
      if (!type.get().isFinal()) {
        open.add(result.recipient());
        cause = result instanceof RecipientResult.Answered ? cause : Cause.CONNECTION;
      }
    }
    if (open.isEmpty()) {
      return new AttemptReport(outcomes, Optional.empty());
    }
    MessageFacts remaining = facts.withEnvelope(facts.envelope().withForwardPaths(open));
    GiveBack giveBack =
        switch (RetrySchedule.next(retry, facts, cause, now)) {
          case RetrySchedule.Decision.TryAgain again ->
              new GiveBack(remaining, ReturnReason.DEFERRED, Optional.of(again.notBefore()));
          case RetrySchedule.Decision.GiveUp giveUp ->
              new GiveBack(remaining, ReturnReason.EXPIRED, Optional.empty());
        };
    return new AttemptReport(outcomes, Optional.of(giveBack));
  }

  /** Not tried here: given back to the router as it is. */
  public static AttemptReport untried(
      MessageFacts facts, LanePosition lane, ReturnReason reason, String why, Instant now) {
    MessageFacts moved = facts.withHops(facts.hops() + 1);
    List<Outcome> outcomes = new ArrayList<>();
    for (String recipient : facts.envelope().forwardPaths()) {
      outcomes.add(
          outcome(
              facts,
              lane,
              recipient,
              OutcomeType.REROUTED,
              Optional.empty(),
              Optional.of(why),
              now));
    }
    return new AttemptReport(outcomes, Optional.of(new GiveBack(moved, reason, Optional.empty())));
  }

  /** Ended here because it can never be sent, whatever the server. */
  public static AttemptReport rejected(
      MessageFacts facts, LanePosition lane, String why, Instant now) {
    List<Outcome> outcomes = new ArrayList<>();
    for (String recipient : facts.envelope().forwardPaths()) {
      outcomes.add(
          outcome(
              facts,
              lane,
              recipient,
              OutcomeType.REJECTED,
              Optional.empty(),
              Optional.of(why),
              now));
    }
    return new AttemptReport(outcomes, Optional.empty());
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

  private static Outcome outcome(
      MessageFacts facts,
      LanePosition lane,
      String recipient,
      OutcomeType type,
      Optional<SmtpReply> reply,
      Optional<String> reason,
      Instant now) {
    return new Outcome(
        facts.id(),
        facts.route(),
        recipient,
        type,
        facts.attempt(),
        Optional.of(lane),
        reply,
        reason,
        now,
        facts.submittedAt(),
        facts.metadata());
  }

  private static String bounded(String text) {
    return text.length() > TEXT_CHARS_MAX ? text.substring(0, TEXT_CHARS_MAX) : text;
  }
}
