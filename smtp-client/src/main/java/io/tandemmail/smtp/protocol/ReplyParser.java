package io.tandemmail.smtp.protocol;

import io.tandemmail.smtp.EnhancedCode;
import io.tandemmail.smtp.Reply;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Bytes in, replies out (RFC 5321 section 4.2). Sans I/O; the same whether bytes come one by one or by the kilobyte.
 *
 * <p>Strict where leniency would turn a no into a yes: all lines of a reply carry the same code, a line begins with three
 * digits and a space or hyphen. A reply has a budget; a server that talks for ever is cut off.
 */
public final class ReplyParser {
  static final int BYTES_MAX = 64 << 10;
  static final int LINES_MAX = 512;

  private final byte[] line = new byte[4096];
  private int lineLength;
  private int bytes;
  private int lines;
  private int code;
  private @Nullable EnhancedCode enhanced;
  private final StringBuilder text = new StringBuilder();
  private @Nullable Reply complete;
  private final RecentReplies recent = new RecentReplies();

  /** Why the bytes are no reply. */
  public static final class Malformed extends Exception {
    private static final long serialVersionUID = 1;
    private final boolean tooLong;

    Malformed(String message, boolean tooLong) {
      super(message);
      this.tooLong = tooLong;
    }

    public boolean tooLong() {
      return tooLong;
    }
  }

  /** Takes bytes up to the end of one reply. Returns how many it took; {@link #take} then tells whether one is complete. */
  public int feed(byte[] buffer, int from, int to) throws Malformed {
    int i = from;
    while (i < to && complete == null) {
      byte b = buffer[i++];
      if (++bytes > BYTES_MAX) {
        throw new Malformed("reply of more than " + BYTES_MAX + " bytes", true);
      }
      if (b == '\n') {
        endLine();
      } else if (lineLength < line.length) {
        line[lineLength++] = b;
      }
    }
    return i - from;
  }

  /** The reply that the last feed completed. */
  public Optional<Reply> take() {
    Optional<Reply> reply = Optional.ofNullable(complete);
    if (complete != null) {
      complete = null;
      bytes = 0;
      lines = 0;
      code = 0;
      enhanced = null;
      text.setLength(0);
    }
    return reply;
  }

  private void endLine() throws Malformed {
    int length = lineLength > 0 && line[lineLength - 1] == '\r' ? lineLength - 1 : lineLength;
    lineLength = 0;
    if (lines == 0) {
      complete = recent.find(line, length);
      if (complete != null) {
        return;
      }
    }
    if (++lines > LINES_MAX) {
      throw new Malformed("reply of more than " + LINES_MAX + " lines", true);
    }
    int lineCode = codeOf(length);
    boolean last = length == 3 || line[3] == ' ';
    if (!last && line[3] != '-') {
      throw new Malformed("reply line without space or hyphen after the code", false);
    }
    if (code != 0 && lineCode != code) {
      throw new Malformed("lines of one reply disagree: " + code + " and " + lineCode, false);
    }
    code = lineCode;
    addText(Math.min(4, length), length);
    if (last) {
      complete = new Reply(code, Optional.ofNullable(enhanced), text.toString());
      if (lines == 1) {
        recent.keep(line, length, complete);
      }
    }
  }

  private int codeOf(int length) throws Malformed {
    if (length < 3) {
      throw new Malformed("reply line without a code", false);
    }
    int parsed = 0;
    for (int i = 0; i < 3; i++) {
      int digit = line[i] - '0';
      if (digit < 0 || digit > 9) {
        throw new Malformed("reply line without a code", false);
      }
      parsed = parsed * 10 + digit;
    }
    if (parsed < 200 || parsed > 599) {
      throw new Malformed("reply code " + parsed, false);
    }
    return parsed;
  }

  private void addText(int from, int to) {
    String part = new String(line, from, to - from, StandardCharsets.UTF_8);
    if (lines == 1) {
      enhanced = enhancedCode(part);
    }
    String rest =
        enhancedCode(part) == null
            ? part
            : part.substring(Math.min(part.length(), enhancedLength(part)));
    int room = Reply.TEXT_CHARS_MAX - text.length();
    if (!rest.isEmpty() && room > 0) {
      if (!text.isEmpty()) {
        text.append(Reply.LINE_BREAK);
      }
      for (int i = 0; i < rest.length() && text.length() < Reply.TEXT_CHARS_MAX; i++) {
        char c = rest.charAt(i);
        text.append(Character.isISOControl(c) ? '?' : c);
      }
    }
  }

  private static int enhancedLength(String part) {
    int space = part.indexOf(' ');
    return space < 0 ? part.length() : space + 1;
  }

  /** {@code class.subject.detail}, believed only when the class agrees with the code. */
  private @Nullable EnhancedCode enhancedCode(String part) {
    int space = part.indexOf(' ');
    String token = space < 0 ? part : part.substring(0, space);
    int dot1 = token.indexOf('.');
    int dot2 = token.indexOf('.', dot1 + 1);
    if (dot1 != 1 || dot2 < 0 || token.length() > 9) {
      return null;
    }
    int clazz = number(token, 0, dot1);
    int subject = number(token, dot1 + 1, dot2);
    int detail = number(token, dot2 + 1, token.length());
    return clazz == code / 100 && subject >= 0 && detail >= 0
        ? new EnhancedCode(clazz, subject, detail)
        : null;
  }

  private static int number(String token, int from, int to) {
    if (from >= to || to - from > 3) {
      return -1;
    }
    int value = 0;
    for (int i = from; i < to; i++) {
      int digit = token.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      value = value * 10 + digit;
    }
    return value;
  }
}
