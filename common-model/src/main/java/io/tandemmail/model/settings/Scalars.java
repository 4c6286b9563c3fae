package io.tandemmail.model.settings;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations, sizes and rates as people write them. */
final class Scalars {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,12})(ms|s|m|h|d)");
  private static final Pattern SIZE = Pattern.compile("(\\d{1,12})\\s*(B|KiB|MiB|GiB|)");
  private static final Pattern RATE = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,3})?)/(s|m|h)");

  private Scalars() {}

  /** {@code 10s}, {@code 250ms}, {@code 4d} or ISO-8601. */
  static Optional<Duration> duration(String text) {
    Matcher shorthand = DURATION.matcher(text);
    if (shorthand.matches()) {
      long number = Long.parseLong(shorthand.group(1));
      return Optional.of(
          switch (shorthand.group(2)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
          });
    }
    try {
      Duration iso = Duration.parse(text.toUpperCase(Locale.ROOT));
      return iso.isNegative() ? Optional.empty() : Optional.of(iso);
    } catch (DateTimeParseException notIso) {
      return Optional.empty();
    }
  }

  static OptionalLong bytes(String text) {
    Matcher size = SIZE.matcher(text);
    if (!size.matches()) {
      return OptionalLong.empty();
    }
    int shift =
        switch (size.group(2)) {
          case "KiB" -> 10;
          case "MiB" -> 20;
          case "GiB" -> 30;
          default -> 0;
        };
    long number = Long.parseLong(size.group(1));
    return number <= Long.MAX_VALUE >> shift
        ? OptionalLong.of(number << shift)
        : OptionalLong.empty();
  }

  /** Messages per second. */
  static Optional<Double> rate(String text) {
    Matcher rate = RATE.matcher(text);
    if (!rate.matches()) {
      return Optional.empty();
    }
    double number = Double.parseDouble(rate.group(1));
    double seconds = rate.group(2).equals("s") ? 1 : rate.group(2).equals("m") ? 60 : 3600;
    return number > 0 ? Optional.of(number / seconds) : Optional.empty();
  }
}
