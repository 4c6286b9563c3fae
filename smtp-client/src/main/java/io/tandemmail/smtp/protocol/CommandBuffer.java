package io.tandemmail.smtp.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Command lines as bytes, in one growing array that is used again and again. */
final class CommandBuffer {
  private byte[] bytes = new byte[512];
  private int length;

  CommandBuffer text(String text) {
    room(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        return utf8(text.substring(i));
      }
      bytes[length++] = (byte) c;
    }
    return this;
  }

  CommandBuffer number(long number) {
    return text(Long.toString(number));
  }

  /** RFC 3461 section 4: what is not printable ASCII, and {@code +} and {@code =}, as {@code +HH}. */
  CommandBuffer xtext(String text) {
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      if (b >= '!' && b <= '~' && b != '+' && b != '=') {
        room(1);
        bytes[length++] = b;
      } else {
        text("+");
        text(Character.toString(Character.toUpperCase(Character.forDigit(b >> 4 & 15, 16))));
        text(Character.toString(Character.toUpperCase(Character.forDigit(b & 15, 16))));
      }
    }
    return this;
  }

  void endLine() {
    room(2);
    bytes[length++] = '\r';
    bytes[length++] = '\n';
  }

  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  void clear() {
    length = 0;
  }

  private CommandBuffer utf8(String rest) {
    byte[] encoded = rest.getBytes(StandardCharsets.UTF_8);
    room(encoded.length);
    System.arraycopy(encoded, 0, bytes, length, encoded.length);
    length += encoded.length;
    return this;
  }

  private void room(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
    }
  }
}
