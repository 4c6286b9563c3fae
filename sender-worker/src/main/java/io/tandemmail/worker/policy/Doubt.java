package io.tandemmail.worker.policy;

import io.tandemmail.model.outcome.Outcome;
import io.tandemmail.model.outcome.Outcome.LanePosition;
import io.tandemmail.model.outcome.Outcome.SmtpReply;
import io.tandemmail.model.outcome.OutcomeCategory;
import io.tandemmail.model.outcome.OutcomeType;
import io.tandemmail.model.submission.MessageFacts;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Outcomes in doubt that name no lane record: in the ledger that would say that it is done, and the owner who sends the message
 * again would leave these recipients out. Their reason names the server instead.
 */
public final class Doubt {
  private Doubt() {}

  /** The worker that saw no reply has lost the lane; the new owner sends the message again. */
  static Outcome unansweredAndLost(Outcome doubt) {
    String why = "tried at " + server(doubt) + " by a worker that lost its lane meanwhile";
    return doubt(doubt, doubt.reply(), doubt.category(), why);
  }

  /** Delivered by a worker that is not sure to own the lane any more (I2). */
  public static Outcome nextOwnerMayHaveSentIt(Outcome delivered) {
    String why =
        "sent to "
            + server(delivered)
            + " by a worker that was not sure to own the lane any more: the next owner may have sent it too";
    return doubt(delivered, Optional.empty(), Optional.empty(), why);
  }

  /**
   * What a worker that died may have sent (I2).
   *
   * @param before as in its lane record
   */
  public static List<Outcome> deadOwnerMayHaveSentIt(
      MessageFacts before, String server, Collection<String> recipients, Instant now) {
    String why = "may have been sent to " + server + " before, by a worker that died";
    return recipients.stream()
        .map(recipient ->
            new Outcome(
                before.id(),
                before.route(),
                recipient,
                OutcomeType.IN_DOUBT,
                before.attempt() + 1,
                Optional.empty(),
                Optional.empty(),
                Optional.of(why),
                now,
                before.submittedAt(),
                before.metadata()))
        .toList();
  }

  private static Outcome doubt(
      Outcome outcome, Optional<SmtpReply> reply, Optional<OutcomeCategory> category, String why) {
    return new Outcome(
        outcome.id(),
        outcome.route(),
        outcome.recipient(),
        OutcomeType.IN_DOUBT,
        outcome.attempt(),
        Optional.empty(),
        reply,
        category,
        Optional.of(why),
        outcome.at(),
        outcome.submittedAt(),
        outcome.metadata());
  }

  private static String server(Outcome outcome) {
    return outcome.lane().map(LanePosition::server).orElse("its server");
  }
}
