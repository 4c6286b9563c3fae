package io.tandemmail.smtp.protocol;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Bytes above 127, which only some servers take (RFC 6152, RFC 6532). Looks at eight bytes at a time: every message is scanned. */
final class EightBit {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final long HIGH_BITS = 0x8080808080808080L;

  private EightBit() {}

  static boolean anyIn(byte[] content) {
    return any(content, content.length);
  }

  /** In a field of the header section, which ends at the first empty line. */
  static boolean inHeaderOf(byte[] content) {
    int end = 0;
    while (end + 2 < content.length
        && !(content[end] == '\n' && content[end + 1] == '\r' && content[end + 2] == '\n')) {
      end++;
    }
    return any(content, end);
  }

  private static boolean any(byte[] content, int to) {
    int i = 0;
    for (; i + Long.BYTES <= to; i += Long.BYTES) {
      if (((long) LONGS.get(content, i) & HIGH_BITS) != 0) {
        return true;
      }
    }
    for (; i < to; i++) {
      if (content[i] < 0) {
        return true;
      }
    }
    return false;
  }
}
