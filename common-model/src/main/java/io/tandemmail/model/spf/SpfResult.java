package io.tandemmail.model.spf;

import java.util.Locale;

/**
 * @param because the term that matched or what is wrong, with its domain; the text of a stranger
 */
public record SpfResult(Verdict verdict, String because) {
  /** RFC 7208 section 2.6, and one for what cannot be told without a message. */
  public enum Verdict {
    PASS,
    FAIL,
    SOFTFAIL,
    NEUTRAL,
    NONE,
    TEMPERROR,
    PERMERROR,
    UNCERTAIN
  }

  @Override
  public String toString() {
    return verdict.name().toLowerCase(Locale.ROOT) + " (" + because + ")";
  }
}
