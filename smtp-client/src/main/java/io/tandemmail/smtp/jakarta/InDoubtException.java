package io.tandemmail.smtp.jakarta;

import jakarta.mail.MessagingException;

/**
 * The final dot was sent and no reply was read (RFC 1047): the server may have the message. Sending it again may make a
 * second copy, not sending it may lose it.
 */
public final class InDoubtException extends MessagingException {
  private static final long serialVersionUID = 1;

  InDoubtException(String message) {
    super(message);
  }
}
