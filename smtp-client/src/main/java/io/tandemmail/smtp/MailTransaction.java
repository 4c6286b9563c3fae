package io.tandemmail.smtp;

import java.util.List;

/**
 * One mail transaction (RFC 5321 section 3.3).
 *
 * @param reversePath bare address, empty for the null reverse-path
 * @param forwardPaths bare addresses
 * @param content lines ended by CR LF, not dot-stuffed; never changed, never copied
 */
public record MailTransaction(
    String reversePath, List<String> forwardPaths, byte[] content, DsnRequest dsn) {
  public MailTransaction {
    forwardPaths = List.copyOf(forwardPaths);
    check(reversePath);
    forwardPaths.forEach(MailTransaction::check);
    if (forwardPaths.isEmpty()) {
      throw new IllegalArgumentException("a mail transaction needs a recipient");
    }
  }

  public MailTransaction(String reversePath, List<String> forwardPaths, byte[] content) {
    this(reversePath, forwardPaths, content, DsnRequest.NONE);
  }

  /** The last gate: nothing that could end a command or an argument reaches the wire. */
  private static void check(String path) {
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c <= ' ' || c == 0x7f || c == '<' || c == '>') {
        throw new IllegalArgumentException("a path contains a space, bracket or control character");
      }
    }
  }
}
