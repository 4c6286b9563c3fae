package io.tandemmail.smtp.jakarta;

import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** A message as it goes over the wire: without Bcc, every line ended by CR LF. */
final class ContentBytes extends ByteArrayOutputStream {
  private static final String[] NOT_SENT = {"Bcc", "Content-Length"};

  private int last;

  private ContentBytes() {
    super(4096);
  }

  static byte[] of(Message message) throws MessagingException {
    ContentBytes bytes = new ContentBytes();
    try {
      if (message instanceof MimeMessage mime) {
        mime.writeTo(bytes, NOT_SENT);
      } else {
        message.writeTo(bytes);
      }
    } catch (IOException e) {
      throw new MessagingException("cannot write the message: " + e.getMessage(), e);
    }
    return bytes.ended();
  }

  /** A lone CR or LF ends a line here, as programs that build text from strings mean it. */
  @Override
  public synchronized void write(int b) {
    if (last == '\r' && b != '\n') {
      super.write('\n');
    } else if (b == '\n' && last != '\r') {
      super.write('\r');
    }
    super.write(b);
    last = b;
  }

  @Override
  public synchronized void write(byte[] bytes, int from, int length) {
    for (int i = from; i < from + length; i++) {
      write(bytes[i]);
    }
  }

  private synchronized byte[] ended() {
    if (last == '\r') {
      super.write('\n');
    }
    return toByteArray();
  }
}
