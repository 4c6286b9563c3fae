package io.tandemmail.smtp;

import java.util.Locale;

/** Where in the dialogue something happened; it sets how far bad news reaches. In the order of RFC 5321. */
public enum Phase {
  CONNECT,
  GREETING,
  EHLO,
  STARTTLS,
  AUTH,
  MAIL,
  RCPT,
  DATA,
  CONTENT,
  FINAL_DOT,
  RSET,
  QUIT;

  private final String wireName = name().toLowerCase(Locale.ROOT).replace('_', '-');

  public String wireName() {
    return wireName;
  }

  /** Before MAIL nothing is said about any message. */
  public boolean beforeTransaction() {
    return compareTo(MAIL) < 0;
  }
}
