package io.tandemmail.model.parity;

import static io.tandemmail.model.parity.ParityFinding.advice;
import static io.tandemmail.model.parity.ParityFinding.problem;

import io.tandemmail.model.parity.ParityFinding.Subject;
import io.tandemmail.model.parity.ServerFacts.Offer;
import io.tandemmail.model.settings.ServerSettings;
import io.tandemmail.model.settings.ServerSettings.Security;
import io.tandemmail.model.settings.ServerSettings.Tls;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;

/** In what a secondary differs from the primary that it stands in for. */
final class PairRules {
  /** Without it some mail is refused, or a report does not come. */
  private static final List<String> NEEDED = List.of("8BITMIME", "SMTPUTF8", "DSN");

  /** Without it mail only takes longer. */
  private static final List<String> HELPFUL =
      List.of("PIPELINING", "CHUNKING", "ENHANCEDSTATUSCODES");

  private final ServerSettings primary;
  private final ServerSettings secondary;
  private final List<ParityFinding> findings = new ArrayList<>();

  private PairRules(ServerSettings primary, ServerSettings secondary) {
    this.primary = primary;
    this.secondary = secondary;
  }

  /** What the configuration alone tells. */
  static List<ParityFinding> configured(ServerSettings primary, ServerSettings secondary) {
    PairRules rules = new PairRules(primary, secondary);
    rules.policy();
    rules.caps();
    return rules.findings;
  }

  /**
   * @param needed bytes of the largest message that is taken in
   */
  static List<ParityFinding> seen(
      ServerSettings primary,
      ServerSettings secondary,
      ServerFacts first,
      ServerFacts second,
      long needed) {
    PairRules rules = new PairRules(primary, secondary);
    if (first.offer().isPresent() && second.offer().isPresent()) {
      Offer one = first.offer().get();
      Offer other = second.offer().get();
      NEEDED.forEach(keyword -> rules.keyword(keyword, one, other, Subject.CAPABILITY));
      HELPFUL.forEach(keyword -> rules.slower(keyword, one, other));
      rules.startTls(first, second);
      rules.mechanisms(one, other);
      rules.size(one, other, needed);
    }
    if (first.tls().isPresent() && second.tls().isPresent()) {
      rules.version(first.tls().get().version(), second.tls().get().version());
    }
    return rules.findings;
  }

  private void keyword(String keyword, Offer one, Offer other, Subject subject) {
    if (one.keywords().contains(keyword) && !other.keywords().contains(keyword)) {
      findings.add(
          problem(
              subject,
              secondary.id(),
              "offers no " + keyword + ", " + primary.id() + " does",
              "switch it on, or take a server that has it"));
    } else if (other.keywords().contains(keyword) && !one.keywords().contains(keyword)) {
      findings.add(
          advice(
              subject,
              primary.id(),
              "offers no " + keyword + ", " + secondary.id() + " does",
              "switch it on at the primary"));
    }
  }

  private void slower(String keyword, Offer one, Offer other) {
    if (one.keywords().contains(keyword) && !other.keywords().contains(keyword)) {
      findings.add(
          advice(
              Subject.CAPABILITY,
              secondary.id(),
              "offers no " + keyword + ", " + primary.id() + " does",
              "switch it on; without it mail takes longer or replies say less"));
    }
  }

  /** With {@code tls: required} the want of it is said of the server itself. */
  private void startTls(ServerFacts first, ServerFacts second) {
    without(primary, first, secondary, second);
    without(secondary, second, primary, first);
  }

  private void without(
      ServerSettings server, ServerFacts its, ServerSettings other, ServerFacts others) {
    boolean mayUse = server.security().tls() == Tls.OPPORTUNISTIC;
    if (mayUse && !its.startTls() && others.startTls()) {
      findings.add(
          problem(
              Subject.STARTTLS,
              server.id(),
              "offers no STARTTLS, " + other.id() + " does: its mail goes in clear",
              "switch it on, and set tls: required"));
    }
  }

  private void mechanisms(Offer one, Offer other) {
    Set<String> missing = new TreeSet<>(one.mechanisms());
    missing.removeAll(other.mechanisms());
    boolean logsIn = secondary.security().credentials().isPresent();
    if (!missing.isEmpty() && logsIn) {
      findings.add(
          advice(
              Subject.CAPABILITY,
              secondary.id(),
              "offers AUTH without "
                  + String.join(" ", missing)
                  + ", which "
                  + primary.id()
                  + " has",
              "offer the same mechanisms at both"));
    }
  }

  private void size(Offer one, Offer other, long needed) {
    long first = one.contentBytesMax();
    long second = other.contentBytesMax();
    if (second < first) {
      String what = "takes messages %s, %s %s".formatted(bytes(second), primary.id(), bytes(first));
      findings.add(
          second < needed
              ? problem(
                  Subject.SIZE,
                  secondary.id(),
                  what + "; taken in are those " + bytes(needed),
                  "raise it at the server, or lower ingest.max-message-size")
              : advice(Subject.SIZE, secondary.id(), what, "raise it to what the primary takes"));
    }
    if (first < needed) {
      findings.add(
          advice(
              Subject.SIZE,
              primary.id(),
              "takes messages %s; taken in are those %s".formatted(bytes(first), bytes(needed)),
              "raise it at the server, or lower ingest.max-message-size"));
    }
  }

  private void version(String first, String second) {
    if (second.compareTo(first) < 0) {
      findings.add(
          advice(
              Subject.TLS_POLICY,
              secondary.id(),
              "speaks " + second + ", " + primary.id() + " " + first,
              "bring its TLS up to date"));
    }
  }

  private void policy() {
    Security one = primary.security();
    Security other = secondary.security();
    if (strength(other) < strength(one)) {
      findings.add(
          problem(
              Subject.TLS_POLICY,
              secondary.id(),
              "has %s, %s has %s".formatted(policy(other), primary.id(), policy(one)),
              "give servers.%s the tls policy of %s".formatted(secondary.id(), primary.id())));
    }
    if (one.credentials().isPresent() && other.credentials().isEmpty()) {
      findings.add(
          advice(
              Subject.LOGIN,
              secondary.id(),
              "has no username, " + primary.id() + " has",
              "give servers.%s.username, unless it knows this machine".formatted(secondary.id())));
    }
  }

  private static int strength(Security security) {
    return switch (security.tls()) {
      case NONE -> 0;
      case OPPORTUNISTIC -> 1;
      case REQUIRED, IMPLICIT -> security.insecureSkipVerify() ? 2 : 3;
    };
  }

  private static String policy(Security security) {
    return "tls: "
        + security.tls().name().toLowerCase(Locale.ROOT)
        + (security.insecureSkipVerify() ? " that verifies nothing" : "");
  }

  private void caps() {
    int connections = secondary.limits().maxConnections();
    int needed = primary.limits().maxConnections();
    if (connections < needed) {
      findings.add(
          advice(
              Subject.CAPS,
              secondary.id(),
              "has max-connections %d, %s %d".formatted(connections, primary.id(), needed),
              "let it carry what the primary carries"));
    }
    OptionalDouble rate = secondary.limits().maxRatePerSecond();
    OptionalDouble wanted = primary.limits().maxRatePerSecond();
    boolean slower =
        rate.isPresent() && (wanted.isEmpty() || rate.getAsDouble() < wanted.getAsDouble());
    if (slower) {
      String primarys =
          Optional.of(wanted)
              .filter(OptionalDouble::isPresent)
              .map(present -> "%.1f/s".formatted(present.getAsDouble()))
              .orElse("no limit");
      findings.add(
          advice(
              Subject.CAPS,
              secondary.id(),
              "has max-rate %.1f/s, %s %s".formatted(rate.getAsDouble(), primary.id(), primarys),
              "let it carry what the primary carries"));
    }
  }

  private static String bytes(long size) {
    return size == Long.MAX_VALUE ? "of any size" : "of up to " + size + " bytes";
  }
}
