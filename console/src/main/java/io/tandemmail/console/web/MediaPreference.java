package io.tandemmail.console.web;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a client says it likes to get, of RFC 9110 section 12.5.1.
 *
 * @param ranges as they stand in {@code Accept}
 */
record MediaPreference(List<Range> ranges) {
  /**
   * @param type such as {@code text/html}, {@code text/*} or {@code *}{@code /*}, in lower case
   * @param quality 0 to 1
   */
  record Range(String type, double quality) {}

  /** Who says nothing takes anything. */
  static MediaPreference of(@Nullable String accept) {
    List<Range> ranges = new ArrayList<>();
    for (String range : (accept == null ? "*/*" : accept).toLowerCase(Locale.ROOT).split(",")) {
      String[] parts = range.split(";", -1);
      ranges.add(new Range(parts[0].strip(), quality(parts)));
    }
    return new MediaPreference(ranges);
  }

  /** Whether one is liked better than the other; the other where both are liked the same. */
  boolean rather(String type, String other) {
    return quality(type) > quality(other);
  }

  /** The most specific range counts. */
  private double quality(String type) {
    for (String range : List.of(type, type.substring(0, type.indexOf('/')) + "/*", "*/*")) {
      for (Range liked : ranges) {
        if (liked.type.equals(range)) {
          return liked.quality;
        }
      }
    }
    return 0;
  }

  private static double quality(String[] parts) {
    for (int i = 1; i < parts.length; i++) {
      String parameter = parts[i].strip();
      if (parameter.startsWith("q=")) {
        try {
          return Double.parseDouble(parameter.substring(2));
        } catch (NumberFormatException unreadable) {
          return 0;
        }
      }
    }
    return 1;
  }
}
