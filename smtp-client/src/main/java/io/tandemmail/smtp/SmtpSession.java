package io.tandemmail.smtp;

import java.util.function.BooleanSupplier;

/** One SMTP connection past greeting, EHLO, TLS and AUTH. Owned by one thread, except for {@link #abort}. */
public interface SmtpSession extends AutoCloseable {
  /** False after a fault, a 421, its allowed number of messages or its age: open another. */
  boolean usable();

  /**
   * Never throws for what servers and networks do.
   *
   * @param mail the one that the last delivery's lookahead answered, if it did and the session is still usable
   * @param fresh asked before MAIL and just before the final dot; false ends the transaction as NOT_FRESH
   */
  TransactionResult deliver(MailTransaction mail, BooleanSupplier fresh, Lookahead lookahead);

  /** One transaction with nothing known of a next one. */
  default TransactionResult deliver(MailTransaction mail, BooleanSupplier fresh) {
    return deliver(mail, fresh, Lookahead.NONE);
  }

  /** Closes the socket under whoever is using it; from any thread. */
  void abort();

  /** QUIT, best effort, bounded. */
  @Override
  void close();
}
