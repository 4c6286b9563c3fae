package io.tandemmail.smtp;

import java.util.Optional;

/**
 * What the server said.
 *
 * @param code RFC 5321 reply code, 200–599
 * @param enhanced only when its class agrees with the code's first digit (docs/rules.md, 12)
 * @param text of all lines joined by {@code " / "}, without control characters, at most {@value #TEXT_CHARS_MAX} characters
 */
public record Reply(int code, Optional<EnhancedCode> enhanced, String text) {
  public static final int TEXT_CHARS_MAX = 2_000;

  /** Between the lines of a reply in {@link #text}. */
  public static final String LINE_BREAK = " / ";

  public static final int SERVICE_NOT_AVAILABLE = 421;

  public boolean positive() {
    return code / 100 == 2;
  }

  public boolean intermediate() {
    return code / 100 == 3;
  }

  public boolean transientNegative() {
    return code / 100 == 4;
  }

  @Override
  public String toString() {
    return code + enhanced.map(e -> " " + e).orElse("") + (text.isEmpty() ? "" : " " + text);
  }
}
