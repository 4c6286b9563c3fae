package io.tandemmail.smtp.protocol;

import io.tandemmail.smtp.Fault;
import io.tandemmail.smtp.MailTransaction;
import io.tandemmail.smtp.Phase;
import io.tandemmail.smtp.RecipientResult;
import io.tandemmail.smtp.Reply;
import io.tandemmail.smtp.TransactionResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One transaction under way: which of its commands are out, what is known of each recipient (first settled, for ever
 * settled), and whether its last byte may have left.
 */
final class Transaction {
  private final MailTransaction mail;
  private final @Nullable RecipientResult[] settled;
  private int open;
  private int commandsOut;
  private boolean answered;
  private boolean attempted = true;
  private boolean lastByteMayHaveLeft;

  Transaction(MailTransaction mail) {
    this.mail = mail;
    this.open = mail.forwardPaths().size();
    this.settled = new RecipientResult[open];
  }

  MailTransaction mail() {
    return mail;
  }

  /** How many of its commands were written: RSET or nothing is 0, then MAIL, each RCPT, DATA. */
  int commandsOut() {
    return commandsOut;
  }

  void commandOut() {
    commandsOut++;
  }

  /** The server said something to one of its commands; true the first time. */
  boolean firstAnswer() {
    boolean first = !answered;
    answered = true;
    return first;
  }

  /** The connection ended before anything was said about this message. */
  void farewell() {
    attempted = false;
  }

  void lastByteMayHaveLeft(boolean so) {
    lastByteMayHaveLeft = so;
  }

  boolean anyOpen() {
    return open > 0;
  }

  boolean isOpen(int recipient) {
    return settled[recipient] == null;
  }

  void settle(int recipient, Phase phase, Reply reply) {
    settle(
        recipient, new RecipientResult.Answered(mail.forwardPaths().get(recipient), phase, reply));
  }

  /** The reply settles every recipient that is still open. */
  void settleOpen(Phase phase, Reply reply) {
    for (int i = 0; open > 0 && i < settled.length; i++) {
      if (settled[i] == null) {
        settle(i, phase, reply);
      }
    }
  }

  TransactionResult result() {
    return new TransactionResult(results(), Optional.empty(), attempted);
  }

  /**
   * The connection is gone: who is still open is in doubt or was never handed over.
   *
   * @param reused an earlier transaction was answered on this connection
   */
  TransactionResult broken(Fault fault, boolean reused) {
    for (int i = 0; open > 0 && i < settled.length; i++) {
      if (settled[i] == null) {
        String recipient = mail.forwardPaths().get(i);
        settle(
            i,
            lastByteMayHaveLeft
                ? new RecipientResult.InDoubt(recipient, fault)
                : new RecipientResult.Faulted(recipient, fault));
      }
    }
    boolean gone = fault.kind() == Fault.Kind.CLOSED || fault.kind() == Fault.Kind.RESET;
    return new TransactionResult(
        results(), Optional.of(fault), !(gone && reused) || answered || lastByteMayHaveLeft);
  }

  private void settle(int recipient, RecipientResult result) {
    if (settled[recipient] == null) {
      settled[recipient] = result;
      open--;
    }
  }

  private List<RecipientResult> results() {
    List<RecipientResult> results = new ArrayList<>(settled.length);
    for (RecipientResult result : settled) {
      if (result == null) {
        throw new IllegalStateException("a recipient was left without a result");
      }
      results.add(result);
    }
    return results;
  }
}
