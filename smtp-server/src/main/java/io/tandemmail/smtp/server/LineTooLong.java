package io.tandemmail.smtp.server;

import java.io.IOException;

/** The line has not ended where lines must have; what follows cannot be told from commands. */
public final class LineTooLong extends IOException {
  private static final long serialVersionUID = 1;

  LineTooLong(int bytesMax) {
    super("command of more than " + bytesMax + " bytes");
  }
}
