package io.tandemmail.worker.smtp;

import java.util.List;
import java.util.Optional;

/**
 * @param recipients in the order of the forward-paths
 * @param fault why the connection broke, if it did
 */
public record TransactionResult(List<RecipientResult> recipients, Optional<Fault> fault) {
  public TransactionResult {
    recipients = List.copyOf(recipients);
  }

  /** True when a reused connection turned out dead before the server said anything: try on a new one, no attempt made. */
  public boolean diedBeforeFirstReply() {
    return fault.isPresent()
        && fault.get().phase() == Phase.MAIL
        && (fault.get().kind() == Fault.Kind.CLOSED || fault.get().kind() == Fault.Kind.RESET)
        && recipients.stream().allMatch(RecipientResult.Faulted.class::isInstance);
  }
}
