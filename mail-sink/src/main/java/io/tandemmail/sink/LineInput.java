package io.tandemmail.sink;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Commands and content from one connection, read in large pieces. */
final class LineInput {
  private static final int LINE_MAX = 64 << 10;
  private static final int CONTENT_MAX = 64 << 20;
  private final InputStream in;
  private byte[] buffer = new byte[64 << 10];
  private int from;
  private int to;

  LineInput(InputStream in) {
    this.in = in;
  }

  /** True when the client has sent more than was read: a pipelined group. */
  boolean hasMore() {
    return from < to;
  }

  /** The next command without its line end. */
  String line() throws IOException {
    int scanned = from;
    while (true) {
      for (; scanned < to; scanned++) {
        if (buffer[scanned] == '\n') {
          int end = scanned > from && buffer[scanned - 1] == '\r' ? scanned - 1 : scanned;
          String line = new String(buffer, from, end - from, StandardCharsets.UTF_8);
          from = scanned + 1;
          return line;
        }
      }
      if (to - from > LINE_MAX) {
        throw new IOException("command of more than " + LINE_MAX + " bytes");
      }
      int keep = scanned - from;
      fill();
      scanned = from + keep;
    }
  }

  /** Content up to the final dot, dots unstuffed. */
  byte[] content() throws IOException {
    int end;
    int scanned = 0;
    while ((end = endOfContent(scanned)) < 0) {
      scanned = Math.max(0, to - from - 4);
      if (to - from > CONTENT_MAX) {
        throw new IOException("message of more than " + CONTENT_MAX + " bytes");
      }
      fill();
    }
    byte[] content = unstuffed(buffer, from, end);
    from = end + 3;
    return content;
  }

  /** Index of the final dot's line, or -1: the dot stands at the start or after CR LF, and CR LF follows. */
  private int endOfContent(int scannedBefore) {
    for (int i = from + scannedBefore; i + 2 < to; i++) {
      if (buffer[i] == '.' && buffer[i + 1] == '\r' && buffer[i + 2] == '\n') {
        boolean lineStart =
            i == from || (i - from >= 2 && buffer[i - 1] == '\n' && buffer[i - 2] == '\r');
        if (lineStart) {
          return i;
        }
      }
    }
    return -1;
  }

  private static byte[] unstuffed(byte[] bytes, int from, int to) {
    byte[] out = new byte[to - from];
    int length = 0;
    for (int i = from; i < to; i++) {
      boolean stuffed = bytes[i] == '.' && (i == from || bytes[i - 1] == '\n');
      if (!stuffed) {
        out[length++] = bytes[i];
      }
    }
    return length == out.length ? out : Arrays.copyOf(out, length);
  }

  private void fill() throws IOException {
    if (from == to) {
      from = 0;
      to = 0;
    } else if (to == buffer.length) {
      int length = to - from;
      byte[] next = length > buffer.length / 2 ? new byte[buffer.length * 2] : buffer;
      System.arraycopy(buffer, from, next, 0, length);
      buffer = next;
      from = 0;
      to = length;
    }
    int read = in.read(buffer, to, buffer.length - to);
    if (read < 0) {
      throw new EOFException();
    }
    to += read;
  }
}
