package io.tandemmail.smtp;

import java.util.List;
import java.util.Optional;

/**
 * @param recipients in the order of the forward-paths
 * @param fault why the connection broke, if it did
 * @param attempted false when the connection broke before the server said anything about this message and nothing of it
 *     was handed over, as an idle connection does that the server has closed: try on a new one, no attempt was made
 */
public record TransactionResult(
    List<RecipientResult> recipients, Optional<Fault> fault, boolean attempted) {
  public TransactionResult {
    recipients = List.copyOf(recipients);
  }

  /** Not a byte of it was sent, and the connection is as it was. */
  public static TransactionResult notBegun(MailTransaction mail, Fault fault) {
    List<RecipientResult> results =
        mail.forwardPaths().stream()
            .<RecipientResult>map(path -> new RecipientResult.Faulted(path, fault))
            .toList();
    return new TransactionResult(results, Optional.of(fault), false);
  }
}
