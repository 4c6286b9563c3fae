package io.tandemmail.model.address;

/**
 * The mailbox of a header field as people write it: {@code ann@example.net}, {@code Ann <ann@example.net>},
 * {@code "Shop, The" <shop@example.com>} (RFC 5322 section 3.4, without comments and groups).
 */
public final class Mailbox {
  private Mailbox() {}

  /** The bare address inside; the text itself, trimmed, where there are no brackets. Not yet checked. */
  public static String bareAddress(String mailbox) {
    String text = mailbox.strip();
    int open = text.lastIndexOf('<');
    boolean bracketed = open >= 0 && text.endsWith(">") && !insideQuotes(text, open);
    return bracketed ? text.substring(open + 1, text.length() - 1) : text;
  }

  private static boolean insideQuotes(String text, int position) {
    boolean quoted = false;
    for (int i = 0; i < position; i++) {
      char c = text.charAt(i);
      if (c == '\\') {
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      }
    }
    return quoted;
  }
}
