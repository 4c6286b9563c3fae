package io.tandemmail.model.spf;

import io.tandemmail.model.dns.IpAddress;
import io.tandemmail.model.spf.SpfResult.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One term of a record (RFC 7208 section 4.6.1), as written and as understood. */
sealed interface SpfTerm {
  String text();

  /**
   * A mechanism and what it means when it matches.
   *
   * @param domain empty: the domain whose record this is
   */
  record Directive(String text, Verdict onMatch, Kind kind, String domain, Lengths lengths)
      implements SpfTerm {}

  /** {@code ip4} and {@code ip6}. */
  record Addresses(String text, Verdict onMatch, IpAddress.Network network) implements SpfTerm {}

  record Redirect(String text, String domain) implements SpfTerm {}

  /** {@code exp=} and modifiers nobody knows (section 6): ignored. */
  record Ignored(String text) implements SpfTerm {}

  /** Mechanisms beside the addresses. */
  enum Kind {
    ALL,
    INCLUDE,
    A,
    MX,
    PTR,
    EXISTS
  }

  /** Prefix lengths of {@code a} and {@code mx}. */
  record Lengths(int v4, int v6) {}

  /** What is not a record. */
  final class Malformed extends Exception {
    private static final long serialVersionUID = 1;

    Malformed(String term) {
      super("cannot read the term " + term, null, false, false);
    }
  }

  Pattern DIRECTIVE =
      Pattern.compile(
          "([-+?~]?)(all|include|a|mx|ptr|ip4|ip6|exists)(?::([^/]*(?:/(?![0-9/])[^/]*)*))?(?:/([0-9]{1,3}))?(?://([0-9]{1,3}))?",
          Pattern.CASE_INSENSITIVE);

  Pattern MODIFIER = Pattern.compile("([A-Za-z][A-Za-z0-9_.-]*)=(.*)");

  static List<SpfTerm> parse(String record) throws Malformed {
    List<SpfTerm> terms = new ArrayList<>();
    String[] words = record.strip().split(" +");
    for (int i = 1; i < words.length; i++) {
      terms.add(term(words[i]));
    }
    if (terms.stream().filter(Redirect.class::isInstance).count() > 1) {
      throw new Malformed("redirect, given twice");
    }
    return terms;
  }

  private static SpfTerm term(String word) throws Malformed {
    Matcher directive = DIRECTIVE.matcher(word);
    if (directive.matches()) {
      return mechanism(word, directive);
    }
    Matcher modifier = MODIFIER.matcher(word);
    if (!modifier.matches()) {
      throw new Malformed(word);
    }
    return modifier.group(1).equalsIgnoreCase("redirect")
        ? new Redirect(word, modifier.group(2))
        : new Ignored(word);
  }

  private static SpfTerm mechanism(String word, Matcher matched) throws Malformed {
    Verdict onMatch =
        switch (matched.group(1)) {
          case "-" -> Verdict.FAIL;
          case "~" -> Verdict.SOFTFAIL;
          case "?" -> Verdict.NEUTRAL;
          default -> Verdict.PASS;
        };
    String name = matched.group(2).toUpperCase(Locale.ROOT);
    if (name.equals("IP4") || name.equals("IP6")) {
      Optional<IpAddress.Network> network =
          IpAddress.network(word.substring(word.indexOf(':') + 1))
              .filter(any -> word.indexOf(':') >= 0)
              .filter(found -> found.address().isV4() == name.equals("IP4"));
      return new Addresses(word, onMatch, network.orElseThrow(() -> new Malformed(word)));
    }
    Kind kind = Kind.valueOf(name);
    String domain = Optional.ofNullable(matched.group(3)).orElse("");
    Lengths lengths = new Lengths(length(word, matched, 4, 32), length(word, matched, 5, 128));
    boolean needsDomain = kind == Kind.INCLUDE || kind == Kind.EXISTS;
    boolean hasLengths = matched.group(4) != null || matched.group(5) != null;
    boolean mayHaveLengths = kind == Kind.A || kind == Kind.MX;
    boolean emptyDomain = matched.group(3) != null && domain.isEmpty();
    if (emptyDomain
        || needsDomain && domain.isEmpty()
        || kind == Kind.ALL && !domain.isEmpty()
        || hasLengths && !mayHaveLengths) {
      throw new Malformed(word);
    }
    return new Directive(word, onMatch, kind, domain, lengths);
  }

  private static int length(String word, Matcher matched, int group, int max) throws Malformed {
    int length = matched.group(group) == null ? max : Integer.parseInt(matched.group(group));
    if (length > max) {
      throw new Malformed(word);
    }
    return length;
  }
}
