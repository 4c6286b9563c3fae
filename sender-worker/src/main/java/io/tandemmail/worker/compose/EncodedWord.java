package io.tandemmail.worker.compose;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;

/** RFC 2047: text of any script as words of 75 ASCII characters at most, none of which splits a character. */
final class EncodedWord {
  private static final int WORD_CHARS_MAX = 75;
  private static final int LINE_CHARS_MAX = 76;
  private static final int FRAME_CHARS = "=?UTF-8?Q?".length() + "?=".length();

  /** Four octets, each as three characters: no character of Unicode needs more. */
  private static final int CHARACTER_MAX = 12;

  private EncodedWord() {}

  /** @param space before the first word, as in {@link HeaderLine#token} */
  static void write(HeaderLine line, String space, String text) {
    boolean base64 = isShorterAsBase64(text.getBytes(StandardCharsets.UTF_8));
    String before = space;
    int start = 0;
    while (start < text.length()) {
      int room = line.room(LINE_CHARS_MAX) - before.length() - FRAME_CHARS;
      if (room < CHARACTER_MAX) {
        room = WORD_CHARS_MAX - FRAME_CHARS;
      }
      int end = end(text, start, Math.min(room, WORD_CHARS_MAX - FRAME_CHARS), base64 ? 1 : 0);
      String part = text.substring(start, end);
      line.token(before, base64 ? base64(part) : quoted(part));
      before = " ";
      start = end;
    }
  }

  /** The end of as many whole characters as fit. */
  private static int end(String text, int start, int room, int base64) {
    int octets = 0;
    int quoted = 0;
    int end = start;
    while (end < text.length()) {
      int codePoint = text.codePointAt(end);
      int length = utf8Length(codePoint);
      octets += length;
      quoted += codePoint < 0x80 && isPlain(codePoint) ? 1 : 3 * length;
      int width = base64 > 0 ? (octets + 2) / 3 * 4 : quoted;
      if (width > room) {
        break;
      }
      end += Character.charCount(codePoint);
    }
    return end;
  }

  private static int utf8Length(int codePoint) {
    boolean replaced = codePoint >= 0xd800 && codePoint <= 0xdfff;
    if (codePoint < 0x80 || replaced) {
      return 1;
    }
    return codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
  }

  private static boolean isShorterAsBase64(byte[] octets) {
    int quoted = 0;
    for (byte octet : octets) {
      quoted += isPlain(octet) ? 1 : 3;
    }
    return (octets.length + 2) / 3 * 4 < quoted;
  }

  /** What needs no encoding even in a phrase (RFC 2047 section 5, rule 3); the space becomes an underscore. */
  private static boolean isPlain(int c) {
    return c >= 'a' && c <= 'z'
        || c >= 'A' && c <= 'Z'
        || c >= '0' && c <= '9'
        || c == ' '
        || c == '!'
        || c == '*'
        || c == '+'
        || c == '-'
        || c == '/';
  }

  private static String base64(String text) {
    byte[] octets = text.getBytes(StandardCharsets.UTF_8);
    return "=?UTF-8?B?" + Base64.getEncoder().encodeToString(octets) + "?=";
  }

  private static String quoted(String text) {
    StringBuilder word = new StringBuilder(WORD_CHARS_MAX).append("=?UTF-8?Q?");
    for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
      if (octet == ' ') {
        word.append('_');
      } else if (isPlain(octet)) {
        word.append((char) octet);
      } else {
        word.append(String.format(Locale.ROOT, "=%02X", octet & 0xff));
      }
    }
    return word.append("?=").toString();
  }
}
