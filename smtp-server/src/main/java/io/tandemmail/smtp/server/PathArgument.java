package io.tandemmail.smtp.server;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The argument of MAIL and RCPT (RFC 5321 section 4.1.2): {@code FROM:<path> KEYWORD=value …}.
 *
 * @param address without brackets and source route; empty for the null reverse-path
 * @param parameters by keyword in upper case; the value is empty where there is none
 */
public record PathArgument(String address, Map<String, String> parameters) {
  public PathArgument {
    parameters = Map.copyOf(parameters);
  }

  /**
   * @param keyword {@code FROM} or {@code TO}
   * @return empty when there is no path in brackets behind the keyword
   */
  public static Optional<PathArgument> parse(String keyword, String argument) {
    String prefix = keyword + ":";
    if (!argument.regionMatches(true, 0, prefix, 0, prefix.length())) {
      return Optional.empty();
    }
    String rest = argument.substring(prefix.length()).strip();
    int close = closingBracket(rest);
    if (close < 0) {
      return Optional.empty();
    }
    String path = rest.substring(1, close);
    String address = path.startsWith("@") ? path.substring(path.indexOf(':') + 1) : path;
    return Optional.of(new PathArgument(address, parameters(rest.substring(close + 1).strip())));
  }

  /** A bracket within a quoted string closes nothing. */
  private static int closingBracket(String text) {
    if (!text.startsWith("<")) {
      return -1;
    }
    boolean quoted = false;
    for (int i = 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\' && quoted) {
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == '>' && !quoted) {
        return i;
      }
    }
    return -1;
  }

  private static Map<String, String> parameters(String text) {
    Map<String, String> found = new LinkedHashMap<>();
    if (!text.isEmpty()) {
      for (String word : text.split(" +")) {
        int equals = word.indexOf('=');
        String name = equals < 0 ? word : word.substring(0, equals);
        found.put(name.toUpperCase(Locale.ROOT), equals < 0 ? "" : word.substring(equals + 1));
      }
    }
    return found;
  }
}
