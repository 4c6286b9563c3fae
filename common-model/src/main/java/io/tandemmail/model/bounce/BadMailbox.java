package io.tandemmail.model.bounce;

import io.tandemmail.model.outcome.Outcome;
import io.tandemmail.model.outcome.Outcome.SmtpReply;
import io.tandemmail.model.outcome.OutcomeType;
import java.util.Optional;
import java.util.Set;

/**
 * Whether a bounce says that the mailbox itself is bad, so that more mail to it would only harm the sender's name.
 *
 * <p>The one place that decides what "suppress-hard-bounces" suppresses. A refusal for policy, size or content says nothing
 * about the mailbox, and a full one may be emptied.
 *
 * <pre>
 *   enhanced 5.1.x           bad, but for 5.1.7 and 5.1.8, which speak of the sender (RFC 3463 section 3.2)
 *   no enhanced code, 5.0.0  550, 551 and 553 in answer to RCPT: bad (RFC 5321 section 4.2.3)
 *   any other enhanced code  not bad
 * </pre>
 */
public final class BadMailbox {
  /** What {@code phase} says of a reply that came by a report, after the message was accepted. */
  public static final String REPORTED = "report";

  private static final Set<String> ABOUT_RECIPIENTS = Set.of("rcpt", REPORTED);
  private static final Set<String> ABOUT_THE_SENDER = Set.of("5.1.7", "5.1.8");
  private static final Set<Integer> MAILBOX_CODES = Set.of(550, 551, 553);

  private BadMailbox() {}

  public static boolean isSaidBy(Outcome outcome) {
    boolean ended =
        outcome.type() == OutcomeType.BOUNCED || outcome.type() == OutcomeType.LATE_BOUNCED;
    return ended
        && outcome
            .reply()
            .filter(reply -> ABOUT_RECIPIENTS.contains(reply.phase()) && isBad(reply))
            .isPresent();
  }

  private static boolean isBad(SmtpReply reply) {
    Optional<String> precise = reply.enhanced().filter(code -> !code.equals("5.0.0"));
    return precise
        .map(code -> code.startsWith("5.1.") && !ABOUT_THE_SENDER.contains(code))
        .orElseGet(() -> MAILBOX_CODES.contains(reply.code()));
  }
}
