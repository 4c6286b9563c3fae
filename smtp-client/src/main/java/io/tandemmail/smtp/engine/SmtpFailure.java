package io.tandemmail.smtp.engine;

import io.tandemmail.smtp.Fault;
import io.tandemmail.smtp.Phase;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import javax.net.ssl.SSLException;

/** A fault on its way from the wire to the result. Stays inside this package; callers get values. */
final class SmtpFailure extends Exception {
  private static final long serialVersionUID = 1;
  private final transient Fault fault;

  SmtpFailure(Fault fault) {
    super(fault.toString(), null, false, false);
    this.fault = fault;
  }

  Fault fault() {
    return fault;
  }

  /** While reading. */
  static SmtpFailure of(IOException e, Phase phase) {
    return of(e, phase, Fault.Kind.REPLY_TIMEOUT);
  }

  static SmtpFailure whileWriting(IOException e, Phase phase) {
    return of(e, phase, Fault.Kind.WRITE_TIMEOUT);
  }

  private static SmtpFailure of(IOException e, Phase phase, Fault.Kind onTimeout) {
    Fault.Kind kind =
        switch (e) {
          case SocketTimeoutException timeout -> onTimeout;
          case EOFException end -> Fault.Kind.CLOSED;
          case SSLException tls -> Fault.Kind.TLS;
          default -> Fault.Kind.RESET;
        };
    String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return new SmtpFailure(new Fault(kind, phase, message));
  }
}
