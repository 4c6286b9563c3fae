package io.tandemmail.model.server;

/**
 * One thing in which a server is not what its route needs it to be, part of {@link ServerHealth} (docs/parity.md).
 *
 * @param route for whose mail it matters
 * @param subject what it is about: {@code login}, {@code certificate}, {@code dkim}, …
 * @param what in words; bounded, without control characters
 */
public record Drift(String route, String subject, Grade grade, String what, String remedy) {
  /** Longer texts are cut: they hold what strangers say. */
  public static final int TEXT_CHARS_MAX = 400;

  /** How much it matters. */
  public enum Grade {
    /** Mail would fail, be sent unprotected or be refused: with {@code parity: required} a secondary is not used. */
    PROBLEM,
    /** Works, and somebody should know. */
    ADVICE
  }

  public Drift {
    what = bounded(what);
    remedy = bounded(remedy);
  }

  public boolean isProblem() {
    return grade == Grade.PROBLEM;
  }

  private static String bounded(String text) {
    String plain = text.replaceAll("\\p{Cntrl}", "?");
    return plain.length() <= TEXT_CHARS_MAX ? plain : plain.substring(0, TEXT_CHARS_MAX - 1) + "…";
  }
}
