package io.tandemmail.smtp.protocol;

/** RFC 5321 section 4.5.2: a dot at the start of a line is doubled on the wire. Finds them; copies nothing. */
public final class DotStuffing {
  private DotStuffing() {}

  /**
   * The index of the next dot that begins a line, at or after {@code from}; the content's length when there is none. Content
   * has no bare LF (it is refused at submission), yet a dot after one is stuffed too: some servers end a line there.
   */
  public static int nextDot(byte[] content, int from) {
    if (from == 0 && content.length > 0 && content[0] == '.') {
      return 0;
    }
    for (int i = Math.max(1, from); i < content.length; i++) {
      if (content[i] == '.' && content[i - 1] == '\n') {
        return i;
      }
    }
    return content.length;
  }
}
