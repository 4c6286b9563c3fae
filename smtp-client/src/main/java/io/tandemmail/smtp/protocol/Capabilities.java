package io.tandemmail.smtp.protocol;

import io.tandemmail.smtp.Reply;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What the server offered in its EHLO reply (RFC 5321 section 4.1.1.1): keywords in upper case with what of their parameters a
 * client acts on. A limit that is absent, zero or unreadable is {@code Long.MAX_VALUE} or {@code Integer.MAX_VALUE}: none.
 *
 * @param contentBytesMax SIZE (RFC 1870)
 * @param transactionsMax MAILMAX per connection, and {@code recipientsMax} RCPTMAX per transaction, of LIMITS (RFC 9422)
 */
public record Capabilities(
    Set<String> keywords,
    Set<String> authMechanisms,
    long contentBytesMax,
    int transactionsMax,
    int recipientsMax) {
  public static final Capabilities NONE =
      new Capabilities(Set.of(), Set.of(), Long.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE);

  private static final Pattern SPACES = Pattern.compile(" +");

  public Capabilities {
    keywords = Set.copyOf(keywords);
    authMechanisms = Set.copyOf(authMechanisms);
  }

  public static Capabilities of(Reply ehlo) {
    Set<String> keywords = new TreeSet<>();
    Set<String> mechanisms = new TreeSet<>();
    long size = Long.MAX_VALUE;
    long mailMax = Integer.MAX_VALUE;
    long rcptMax = Integer.MAX_VALUE;
    List<String> lines = Arrays.asList(ehlo.text().split(Pattern.quote(Reply.LINE_BREAK), -1));
    // The first line is the server's name and greeting.
    for (String line : lines.subList(1, lines.size())) {
      // Servers of last century write AUTH=LOGIN.
      String spaced = line.toUpperCase(Locale.ROOT).strip().replaceFirst("^AUTH=", "AUTH ");
      List<String> words = Arrays.asList(SPACES.split(spaced));
      List<String> parameters = words.subList(1, words.size());
      keywords.add(words.getFirst());
      switch (words.getFirst()) {
        case "AUTH" -> mechanisms.addAll(parameters);
        case "SIZE" -> size = parameters.isEmpty() ? size : limit(parameters.getFirst(), size);
        case "LIMITS" -> {
          mailMax = named(parameters, "MAILMAX=", mailMax);
          rcptMax = named(parameters, "RCPTMAX=", rcptMax);
        }
        default -> {}
      }
    }
    return new Capabilities(keywords, mechanisms, size, bounded(mailMax), bounded(rcptMax));
  }

  public boolean offers(String keyword) {
    return keywords.contains(keyword);
  }

  private static long named(List<String> parameters, String name, long otherwise) {
    return parameters.stream()
        .filter(parameter -> parameter.startsWith(name))
        .mapToLong(parameter -> limit(parameter.substring(name.length()), otherwise))
        .min()
        .orElse(otherwise);
  }

  private static long limit(String digits, long otherwise) {
    try {
      long limit = Long.parseLong(digits);
      return limit > 0 ? limit : otherwise;
    } catch (NumberFormatException unreadable) {
      return otherwise;
    }
  }

  private static int bounded(long limit) {
    return (int) Math.min(Integer.MAX_VALUE, limit);
  }
}
