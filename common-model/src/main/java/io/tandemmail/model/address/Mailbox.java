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
    int open = openBracket(text);
    return open >= 0 ? text.substring(open + 1, text.length() - 1) : text;
  }

  /** What stands before the brackets, without its quotes and their escapes; empty where there is none. */
  public static String displayName(String mailbox) {
    String text = mailbox.strip();
    String name = text.substring(0, Math.max(0, openBracket(text))).strip();
    boolean quoted = name.length() > 1 && name.startsWith("\"") && name.endsWith("\"");
    return quoted ? name.substring(1, name.length() - 1).replaceAll("\\\\(.)", "$1") : name;
  }

  /** Of the address at the text's end; -1 where there is none. */
  private static int openBracket(String text) {
    int open = text.lastIndexOf('<');
    return open >= 0 && text.endsWith(">") && !insideQuotes(text, open) ? open : -1;
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
