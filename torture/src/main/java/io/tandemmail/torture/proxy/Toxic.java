package io.tandemmail.torture.proxy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;

/** What a {@link ToxicProxy} does wrong: to connections that are open and to new ones alike, until it is told otherwise. */
public sealed interface Toxic {
  Toxic NONE = new None();

  /** Nothing. */
  record None() implements Toxic {}

  /** Nobody listens, and what was open is reset. */
  record Refuse() implements Toxic {}

  /** Takes connections and resets them; what was open is reset. */
  record Reset() implements Toxic {}

  /** Takes connections and swallows what comes, from both sides; nothing is closed. */
  record BlackHole() implements Toxic {}

  /** The target is gone without a word: its side is closed, the client's stays open and silent. */
  record HalfOpen() implements Toxic {}

  /**
   * Late and slow.
   *
   * @param latency of each piece, each way
   * @param jitter up to this much more
   * @param bytesPerSecond each way; 0: as many as come
   */
  record Slow(Duration latency, Duration jitter, int bytesPerSecond) implements Toxic {}

  /**
   * In small pieces.
   *
   * @param bytes of a piece
   * @param pause after each
   */
  record Slicer(int bytes, Duration pause) implements Toxic {}

  /**
   * Cuts a connection a number of bytes behind a mark in what the client sends. The target gets everything up to there, and
   * the client is told nothing that the target says to it.
   *
   * @param times how many connections; later ones pass
   */
  record CutBehind(byte[] mark, int bytes, int times) implements Toxic {
    /** In the middle of a message that goes out by DATA. */
    public static CutBehind midContent(int bytes, int times) {
      return new CutBehind("DATA\r\n".getBytes(StandardCharsets.US_ASCII), bytes, times);
    }

    /** Behind the final dot: the target takes the message, the client does not learn of it. */
    public static CutBehind finalDot(int times) {
      return new CutBehind("\r\n.\r\n".getBytes(StandardCharsets.US_ASCII), 0, times);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof CutBehind(byte[] otherMark, int otherBytes, int otherTimes)
          && Arrays.equals(mark, otherMark)
          && bytes == otherBytes
          && times == otherTimes;
    }

    @Override
    public int hashCode() {
      return 31 * (31 * Arrays.hashCode(mark) + bytes) + times;
    }
  }
}
