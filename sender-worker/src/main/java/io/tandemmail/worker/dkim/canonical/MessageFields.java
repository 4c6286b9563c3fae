package io.tandemmail.worker.dkim.canonical;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Where the header fields of a message stand in its bytes, and where its body begins (RFC 5322 section 2.1). A field goes on
 * over lines that begin with a space or tab; the header section ends at the first empty line, or with the message.
 */
public final class MessageFields {
  /**
   * A field.
   *
   * @param name lower-case; fields without a proper name are not listed
   * @param valueStart behind the colon
   * @param end behind the value, before the line end that closes the field
   */
  public record Field(String name, int valueStart, int end) {}

  private final byte[] message;
  private final Map<String, List<Field>> byName = new HashMap<>();
  private final int bodyStart;

  private MessageFields(byte[] message) {
    this.message = message;
    int start = 0;
    while (start < message.length && !lineEndsAt(start)) {
      int end = endOfField(start);
      take(start, end);
      start = Math.min(end + 2, message.length);
    }
    bodyStart = Math.min(start + 2, message.length);
  }

  /**
   * @param message kept, not copied: it must not change any more
   */
  public static MessageFields of(byte[] message) {
    return new MessageFields(message);
  }

  /**
   * @param name lower-case
   * @return top to bottom
   */
  public List<Field> named(String name) {
    return byName.getOrDefault(name, List.of());
  }

  public byte[] message() {
    return message;
  }

  /** The message's length where there is no body. */
  public int bodyStart() {
    return bodyStart;
  }

  private void take(int start, int end) {
    int nameEnd = start;
    while (nameEnd < end && isNameOctet(message[nameEnd])) {
      nameEnd++;
    }
    int colon = nameEnd;
    while (colon < end && Relaxed.isBlank(message[colon])) {
      colon++;
    }
    if (nameEnd > start && colon < end && message[colon] == ':') {
      String name =
          new String(message, start, nameEnd - start, StandardCharsets.US_ASCII)
              .toLowerCase(Locale.ROOT);
      byName.computeIfAbsent(name, any -> new ArrayList<>(2)).add(new Field(name, colon + 1, end));
    }
  }

  private int endOfField(int start) {
    int i = start;
    while (i < message.length) {
      if (lineEndsAt(i)) {
        if (i + 2 >= message.length || !Relaxed.isBlank(message[i + 2])) {
          return i;
        }
        i++;
      }
      i++;
    }
    return message.length;
  }

  private boolean lineEndsAt(int i) {
    return Relaxed.lineEndsAt(message, i);
  }

  private static boolean isNameOctet(byte b) {
    return b > ' ' && b < 0x7f && b != ':';
  }
}
