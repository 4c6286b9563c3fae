package io.tandemmail.model.mime;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text with placeholders such as {@code {id}}. Values are percent-encoded (RFC 3986 section 2.1), so that none of them
 * can leave its place in a URI.
 *
 * @param text as configured
 */
public record FieldTemplate(String text) {
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{([^{}]*)}");

  /** The placeholders used that are not among the known ones. */
  public Set<String> unknown(Set<String> known) {
    Set<String> unknown = new TreeSet<>();
    Matcher matcher = PLACEHOLDER.matcher(text);
    while (matcher.find()) {
      if (!known.contains(matcher.group(1))) {
        unknown.add(matcher.group(1));
      }
    }
    return unknown;
  }

  /** With a plain {@code x} in every place: what can be checked before any message is there. */
  public String sample() {
    return PLACEHOLDER.matcher(text).replaceAll("x");
  }

  /** Empty when a placeholder has no value for this message. */
  public Optional<String> fill(Map<String, String> values) {
    StringBuilder filled = new StringBuilder(text.length() + 64);
    Matcher matcher = PLACEHOLDER.matcher(text);
    int from = 0;
    while (matcher.find()) {
      String value = values.get(matcher.group(1));
      if (value == null) {
        return Optional.empty();
      }
      filled.append(text, from, matcher.start());
      percentEncode(value, filled);
      from = matcher.end();
    }
    return Optional.of(filled.append(text, from, text.length()).toString());
  }

  private static void percentEncode(String value, StringBuilder into) {
    for (byte b : value.getBytes(StandardCharsets.UTF_8)) {
      boolean unreserved =
          b >= 'a' && b <= 'z'
              || b >= 'A' && b <= 'Z'
              || b >= '0' && b <= '9'
              || b == '-'
              || b == '.'
              || b == '_'
              || b == '~';
      if (unreserved) {
        into.append((char) b);
      } else {
        into.append(String.format(Locale.ROOT, "%%%02X", b & 0xff));
      }
    }
  }
}
