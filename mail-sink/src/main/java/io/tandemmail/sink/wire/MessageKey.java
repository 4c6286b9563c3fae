package io.tandemmail.sink.wire;

import java.nio.charset.StandardCharsets;

/**
 * What identifies a message to a witness: its {@code X-Tandem-Key} field, else its {@code Message-ID}.
 *
 * <p>Looks at the first bytes of each header line and at nothing behind the header section: it runs for every message.
 */
public final class MessageKey {
  private static final byte[] KEY = "x-tandem-key:".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] MESSAGE_ID = "message-id:".getBytes(StandardCharsets.US_ASCII);

  private MessageKey() {}

  /** Empty when the message has neither. */
  public static String of(byte[] content) {
    String messageId = "";
    int lineStart = 0;
    for (int i = 0; i < content.length; i++) {
      if (content[i] != '\n') {
        continue;
      }
      int end = i > lineStart && content[i - 1] == '\r' ? i - 1 : i;
      if (end == lineStart) {
        break;
      }
      if (startsWith(content, lineStart, end, KEY)) {
        return text(content, lineStart + KEY.length, end);
      }
      if (messageId.isEmpty() && startsWith(content, lineStart, end, MESSAGE_ID)) {
        messageId = text(content, lineStart + MESSAGE_ID.length, end);
      }
      lineStart = i + 1;
    }
    return messageId;
  }

  /** Field names ignore case (RFC 5322 section 1.2.2); {@code name} is lower case. */
  private static boolean startsWith(byte[] content, int from, int to, byte[] name) {
    if (to - from < name.length) {
      return false;
    }
    for (int i = 0; i < name.length; i++) {
      byte b = content[from + i];
      if ((b >= 'A' && b <= 'Z' ? b + 32 : b) != name[i]) {
        return false;
      }
    }
    return true;
  }

  private static String text(byte[] content, int from, int to) {
    return new String(content, from, to - from, StandardCharsets.UTF_8).strip();
  }
}
