package io.tandemmail.worker.smtp.engine;

import io.tandemmail.worker.smtp.Fault;
import io.tandemmail.worker.smtp.MailTransaction;
import io.tandemmail.worker.smtp.Phase;
import io.tandemmail.worker.smtp.RecipientResult;
import io.tandemmail.worker.smtp.Reply;
import io.tandemmail.worker.smtp.TransactionResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is known of each recipient while a transaction goes on: first settled, for ever settled. */
final class Transaction {
  private final List<String> recipients;
  private final @Nullable RecipientResult[] settled;

  Transaction(MailTransaction mail) {
    recipients = mail.forwardPaths();
    settled = new RecipientResult[recipients.size()];
  }

  void settle(int recipient, Phase phase, Reply reply) {
    if (settled[recipient] == null) {
      settled[recipient] = new RecipientResult.Answered(recipients.get(recipient), phase, reply);
    }
  }

  /** The reply settles every recipient that is still open. */
  void settleOpen(Phase phase, Reply reply) {
    for (int i = 0; i < settled.length; i++) {
      settle(i, phase, reply);
    }
  }

  boolean anyOpen() {
    for (RecipientResult result : settled) {
      if (result == null) {
        return true;
      }
    }
    return false;
  }

  TransactionResult result() {
    List<RecipientResult> results = new ArrayList<>(settled.length);
    for (RecipientResult result : settled) {
      if (result == null) {
        throw new IllegalStateException("a recipient was left without a result");
      }
      results.add(result);
    }
    return new TransactionResult(results, Optional.empty());
  }

  /** Nothing was handed over to the open recipients. */
  TransactionResult faulted(Fault fault) {
    return broken(fault, false);
  }

  /** The final dot may have been handed over for the open recipients. */
  TransactionResult inDoubt(Fault fault) {
    return broken(fault, true);
  }

  private TransactionResult broken(Fault fault, boolean dotMayHaveLeft) {
    List<RecipientResult> results = new ArrayList<>(settled.length);
    for (int i = 0; i < settled.length; i++) {
      RecipientResult known = settled[i];
      String recipient = recipients.get(i);
      results.add(
          known != null
              ? known
              : dotMayHaveLeft
                  ? new RecipientResult.InDoubt(recipient, fault)
                  : new RecipientResult.Faulted(recipient, fault));
    }
    return new TransactionResult(results, Optional.of(fault));
  }
}
