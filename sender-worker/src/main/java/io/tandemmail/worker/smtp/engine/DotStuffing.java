package io.tandemmail.worker.smtp.engine;

import java.io.IOException;

/** RFC 5321 section 4.5.2: a dot at the start of a line is doubled on the wire. Copies nothing but the doubled dots. */
final class DotStuffing {
  private static final byte[] DOT = {'.'};
  private static final byte[] CRLF = {'\r', '\n'};

  private DotStuffing() {}

  /** Writes the content, ended by CR LF whether it was or not, without the final dot. */
  static void write(byte[] content, Wire wire) throws IOException {
    int start = 0;
    boolean lineStart = true;
    for (int i = 0; i < content.length; i++) {
      byte b = content[i];
      if (lineStart && b == '.') {
        wire.bytes(content, start, i - start);
        wire.bytes(DOT);
        start = i;
      }
      lineStart = b == '\n';
    }
    wire.bytes(content, start, content.length - start);
    if (!lineStart || content.length == 0) {
      wire.bytes(CRLF);
    }
  }
}
