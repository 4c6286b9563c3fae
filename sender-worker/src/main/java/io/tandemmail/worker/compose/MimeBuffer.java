package io.tandemmail.worker.compose;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes of the message so far; grows, and is copied once at the end. */
final class MimeBuffer {
  private byte[] bytes;
  private int size;

  MimeBuffer(int capacity) {
    bytes = new byte[capacity];
  }

  MimeBuffer text(String text) {
    int length = text.length();
    room(length);
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        size -= i;
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return write(utf8, 0, utf8.length);
      }
      bytes[size++] = (byte) c;
    }
    return this;
  }

  MimeBuffer write(byte[] from, int start, int length) {
    room(length);
    System.arraycopy(from, start, bytes, size, length);
    size += length;
    return this;
  }

  MimeBuffer write(int octet) {
    room(1);
    bytes[size++] = (byte) octet;
    return this;
  }

  MimeBuffer crlf() {
    room(2);
    bytes[size++] = '\r';
    bytes[size++] = '\n';
    return this;
  }

  boolean endsInLine() {
    return size == 0 || bytes[size - 1] != '\n';
  }

  byte[] toByteArray() {
    return Arrays.copyOf(bytes, size);
  }

  private void room(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
    }
  }
}
