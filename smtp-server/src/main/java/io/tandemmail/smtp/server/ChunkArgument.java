package io.tandemmail.smtp.server;

import java.util.Optional;

/**
 * The argument of BDAT (RFC 3030 section 2): {@code size [LAST]}.
 *
 * @param size bytes that follow the command's line
 * @param end what the second word says
 */
public record ChunkArgument(long size, End end) {
  private static final int DIGITS_MAX = 18;

  /** Whether more chunks follow. */
  public enum End {
    OPEN,
    LAST,
    /** Neither nothing nor LAST: a mistake, though the size is known. */
    UNKNOWN
  }

  /** Empty without a readable size: nobody knows then where the next command begins. */
  public static Optional<ChunkArgument> parse(String argument) {
    String[] words = argument.strip().split(" +", 2);
    if (words[0].isEmpty()
        || words[0].length() > DIGITS_MAX
        || !words[0].chars().allMatch(c -> c >= '0' && c <= '9')) {
      return Optional.empty();
    }
    End end =
        words.length == 1 ? End.OPEN : words[1].equalsIgnoreCase("LAST") ? End.LAST : End.UNKNOWN;
    return Optional.of(new ChunkArgument(Long.parseLong(words[0]), end));
  }
}
