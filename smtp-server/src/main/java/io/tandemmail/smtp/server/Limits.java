package io.tandemmail.smtp.server;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a server says it takes at most, and then holds to (RFC 9422).
 *
 * @param byName {@code MAILMAX}, {@code RCPTMAX} and {@code RCPTDOMAINMAX}, those that there are
 */
public record Limits(Map<String, Integer> byName) {
  /** MAIL commands of a session, whatever became of them. */
  public static final String MAIL = "MAILMAX";

  /** RCPT commands of a transaction, whatever became of them. */
  public static final String RCPT = "RCPTMAX";

  /** Different domains in the RCPT commands of a transaction. */
  public static final String RCPT_DOMAIN = "RCPTDOMAINMAX";

  public static final Limits NONE = new Limits(Map.of());
  private static final Pattern LIMIT =
      Pattern.compile("(MAILMAX|RCPTMAX|RCPTDOMAINMAX)=([1-9]\\d{0,5})");

  public Limits {
    byName = Map.copyOf(byName);
  }

  /** {@code RCPTMAX=10,MAILMAX=5}; empty when the text is something else. */
  public static Optional<Limits> parse(String text) {
    Map<String, Integer> found = new TreeMap<>();
    for (String word : text.toUpperCase(Locale.ROOT).split(",", -1)) {
      var limit = LIMIT.matcher(word);
      if (!limit.matches() || found.put(limit.group(1), Integer.valueOf(limit.group(2))) != null) {
        return Optional.empty();
      }
    }
    return Optional.of(new Limits(found));
  }

  /** In the reply to EHLO; empty when there is no limit. */
  public Optional<String> keyword() {
    return byName.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new TreeMap<>(byName)
                .entrySet().stream()
                    .map(limit -> limit.getKey() + "=" + limit.getValue())
                    .collect(Collectors.joining(" ", "LIMITS ", "")));
  }

  /** Whether {@code count} is more than this limit allows. */
  public boolean exceeded(String name, int count) {
    Integer max = byName.get(name);
    return max != null && count > max;
  }
}
