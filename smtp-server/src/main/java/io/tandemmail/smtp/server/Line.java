package io.tandemmail.smtp.server;

/**
 * A line of a client.
 *
 * @param text without its end
 * @param end the sink is no judge of clients and takes either; who forwards mail must not take a bare LF (RFC 5321 section
 *     2.3.8), or what is content to the one before it is a command to it
 */
public record Line(String text, End end) {
  /** By what the line ended. */
  public enum End {
    CRLF,
    BARE_LF
  }
}
