package io.tandemmail.model.text;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** The known name a mistyped one probably meant. */
public final class Suggestion {
  private static final int LENGTH_MAX = 64;

  private Suggestion() {}

  /** Empty when nothing is near: at most a third of the letters may differ. */
  public static Optional<String> nearest(String written, Collection<String> known) {
    if (written.isEmpty() || written.length() > LENGTH_MAX) {
      return Optional.empty();
    }
    String name = written.toLowerCase(Locale.ROOT);
    return known.stream()
        .filter(candidate -> distance(name, candidate.toLowerCase(Locale.ROOT)) <= Math.max(1, name.length() / 3))
        .min(Comparator.<String>comparingInt(candidate -> distance(name, candidate.toLowerCase(Locale.ROOT)))
            .thenComparing(Comparator.naturalOrder()));
  }

  /** Levenshtein's. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
