package io.tandemmail.sink;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Finds what identifies a message in its header section, without parsing more of it than that. */
final class MessageKey {
  private static final String[] FIELDS = {"x-tandem-key:", "message-id:"};

  private MessageKey() {}

  static String of(byte[] content) {
    String[] found = new String[FIELDS.length];
    int lineStart = 0;
    for (int i = 0; i < content.length; i++) {
      if (content[i] != '\n') {
        continue;
      }
      int end = i > lineStart && content[i - 1] == '\r' ? i - 1 : i;
      if (end == lineStart) {
        break;
      }
      note(content, lineStart, end, found);
      lineStart = i + 1;
    }
    for (String key : found) {
      if (key != null) {
        return key;
      }
    }
    return "";
  }

  private static void note(byte[] content, int from, int to, String[] found) {
    byte first = (byte) Character.toLowerCase(content[from]);
    if (first != 'x' && first != 'm') {
      return;
    }
    String line = new String(content, from, to - from, StandardCharsets.UTF_8);
    String lower = line.toLowerCase(Locale.ROOT);
    for (int i = 0; i < FIELDS.length; i++) {
      if (lower.startsWith(FIELDS[i]) && found[i] == null) {
        found[i] = line.substring(FIELDS[i].length()).strip();
      }
    }
  }
}
