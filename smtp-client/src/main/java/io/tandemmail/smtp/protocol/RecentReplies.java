package io.tandemmail.smtp.protocol;

import io.tandemmail.smtp.Reply;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A connection hears the same few lines for every message: {@code 250 2.1.0 Ok}, {@code 354 …}. They are parsed once. A line
 * that is never the same twice, as the reply to the final dot, takes the place of another such one at worst.
 */
final class RecentReplies {
  private static final int SLOTS = 8;

  private final byte[][] lines = new byte[SLOTS][];
  private final Reply[] replies = new Reply[SLOTS];

  @Nullable Reply find(byte[] line, int length) {
    int slot = slot(line, length);
    byte[] kept = lines[slot];
    return kept != null && Arrays.equals(kept, 0, kept.length, line, 0, length)
        ? replies[slot]
        : null;
  }

  void keep(byte[] line, int length, Reply reply) {
    int slot = slot(line, length);
    lines[slot] = Arrays.copyOf(line, length);
    replies[slot] = reply;
  }

  /** By the codes at the front and the length, which tell the usual lines apart. */
  private static int slot(byte[] line, int length) {
    int hash = length;
    for (int i = 0; i < Math.min(length, 9); i++) {
      hash = 31 * hash + line[i];
    }
    return (hash ^ hash >>> 16) & (SLOTS - 1);
  }
}
