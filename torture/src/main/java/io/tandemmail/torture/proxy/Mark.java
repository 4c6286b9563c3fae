package io.tandemmail.torture.proxy;

import java.util.Arrays;

/** Finds the first occurrence of some bytes in a stream that comes in pieces. */
final class Mark {
  private final byte[] wanted;
  private final byte[] last;
  private long seen;

  Mark(byte[] wanted) {
    this.wanted = wanted;
    this.last = new byte[wanted.length];
  }

  /** How many bytes of this piece belong to the stream up to and with the mark; -1: it has not come yet. */
  int endIn(byte[] piece, int length) {
    for (int i = 0; i < length; i++) {
      System.arraycopy(last, 1, last, 0, last.length - 1);
      last[last.length - 1] = piece[i];
      seen++;
      if (seen >= wanted.length && Arrays.equals(last, wanted)) {
        return i + 1;
      }
    }
    return -1;
  }
}
