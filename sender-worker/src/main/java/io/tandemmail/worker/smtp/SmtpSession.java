package io.tandemmail.worker.smtp;

import java.util.function.BooleanSupplier;

/** One SMTP connection past greeting, EHLO, TLS and AUTH. Owned by one thread, except for {@link #abort}. */
public interface SmtpSession extends AutoCloseable {
  /** False after a fault, a 421, or its allowed number of messages: open another. */
  boolean usable();

  /**
   * Never throws for what servers and networks do.
   *
   * @param fresh asked before MAIL and just before the final dot; false ends the transaction as NOT_FRESH
   */
  TransactionResult deliver(MailTransaction transaction, BooleanSupplier fresh);

  /** Closes the socket under whoever is using it; from any thread. */
  void abort();

  /** QUIT, best effort, bounded. */
  @Override
  void close();
}
