package io.tandemmail.worker.policy;

import io.tandemmail.worker.smtp.Fault;
import io.tandemmail.worker.smtp.Phase;
import io.tandemmail.worker.smtp.RecipientResult;
import io.tandemmail.worker.smtp.Reply;

/**
 * Decides what the reply that ended an attempt means for one recipient. The phase sets how far bad news reaches: a 4yz to
 * MAIL is the server's trouble, a 4yz to RCPT one mailbox's. Get it wrong and one full mailbox takes a server out of
 * service, or a broken server bounces a campaign.
 *
 * <pre>
 *   2yz at final-dot            delivered
 *   421 anywhere                deferred, against the server
 *   4yz at MAIL                 deferred, against the server
 *   4yz at RCPT, DATA, dot      deferred
 *   5yz at MAIL, RCPT, DATA, dot  bounced
 *   no reply before the dot     deferred, against the server
 *   no reply after the dot      in doubt, against the server
 *   not fresh                   not tried
 * </pre>
 */
public final class ReplyPolicy {
  private static final Verdict DELIVERED = new Verdict(Verdict.Type.DELIVERED, false);
  private static final Verdict BOUNCED = new Verdict(Verdict.Type.BOUNCED, false);
  private static final Verdict DEFERRED = new Verdict(Verdict.Type.DEFERRED, false);
  private static final Verdict DEFERRED_BY_SERVER = new Verdict(Verdict.Type.DEFERRED, true);
  private static final Verdict IN_DOUBT = new Verdict(Verdict.Type.IN_DOUBT, true);
  private static final Verdict NOT_TRIED = new Verdict(Verdict.Type.NOT_TRIED, false);

  private ReplyPolicy() {}

  public static Verdict judge(RecipientResult result) {
    return switch (result) {
      case RecipientResult.Answered answered -> judge(answered.phase(), answered.reply());
      case RecipientResult.Faulted faulted ->
          faulted.fault().kind() == Fault.Kind.NOT_FRESH ? NOT_TRIED : DEFERRED_BY_SERVER;
      case RecipientResult.InDoubt inDoubt -> IN_DOUBT;
    };
  }

  private static Verdict judge(Phase phase, Reply reply) {
    if (reply.code() == Reply.SERVICE_NOT_AVAILABLE) {
      return DEFERRED_BY_SERVER;
    }
    return switch (reply.code() / 100) {
      case 2 -> phase == Phase.FINAL_DOT ? DELIVERED : DEFERRED_BY_SERVER;
      case 4 -> phase == Phase.MAIL || phase.beforeTransaction() ? DEFERRED_BY_SERVER : DEFERRED;
      case 5 -> phase.beforeTransaction() ? DEFERRED_BY_SERVER : BOUNCED;
      // 3yz where no intermediate reply belongs: the server is confused, the message is not to
      // blame.
      default -> DEFERRED_BY_SERVER;
    };
  }
}
