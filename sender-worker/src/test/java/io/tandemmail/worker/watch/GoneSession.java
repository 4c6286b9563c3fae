package io.tandemmail.worker.watch;

import io.tandemmail.smtp.Lookahead;
import io.tandemmail.smtp.MailTransaction;
import io.tandemmail.smtp.SmtpSession;
import io.tandemmail.smtp.TransactionResult;
import java.util.function.BooleanSupplier;

/** Good for nothing but to be closed, as a probe does. */
final class GoneSession implements SmtpSession {
  @Override
  public boolean usable() {
    return false;
  }

  @Override
  public TransactionResult deliver(
      MailTransaction mail, BooleanSupplier fresh, Lookahead lookahead) {
    throw new IllegalStateException("a probe sends no mail");
  }

  @Override
  public void abort() {}

  @Override
  public void close() {}
}
