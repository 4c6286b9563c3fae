package io.tandemmail.model.parity;

import static io.tandemmail.model.parity.ParityFinding.advice;
import static io.tandemmail.model.parity.ParityFinding.problem;

import io.tandemmail.model.dns.DnsAnswer;
import io.tandemmail.model.parity.ParityFinding.Subject;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Whether receivers can verify what is signed: the published record against the key in use (RFC 6376 section 3.6.1). */
final class DkimRules {
  private static final String PUBLISH = "publish what tandem dkim record prints";

  private DkimRules() {}

  static List<ParityFinding> findings(DomainFacts.Key key) {
    return switch (key.published()) {
      case DnsAnswer.Failed failed ->
          List.of(
              problem(
                  Subject.DNS,
                  "",
                  "cannot ask for " + key.name() + ": " + failed.why(),
                  "see to the resolver, or name others under dns.servers"));
      case DnsAnswer.Absent absent -> List.of(missing(key));
      case DnsAnswer.Found found -> {
        List<String> records =
            found.values().stream().filter(text -> tags(text).containsKey("p")).toList();
        yield records.isEmpty()
            ? List.of(missing(key))
            : records.size() > 1 ? List.of(tooMany(key, records.size())) : compare(key, records);
      }
    };
  }

  private static ParityFinding missing(DomainFacts.Key key) {
    return problem(
        Subject.DKIM,
        "",
        "there is no key record " + key.name() + ", so no signature counts",
        PUBLISH);
  }

  private static ParityFinding tooMany(DomainFacts.Key key, int records) {
    return problem(
        Subject.DKIM,
        "",
        key.name() + " has " + records + " key records, and which one counts is undefined",
        "remove all but the one that tandem dkim record prints");
  }

  private static List<ParityFinding> compare(DomainFacts.Key key, List<String> records) {
    Map<String, String> published = tags(records.getFirst());
    Map<String, String> expected = tags(key.expected());
    String what = "";
    if (published.getOrDefault("p", "").isEmpty()) {
      what = key.name() + " says that the key is revoked";
    } else if (!published.getOrDefault("k", "rsa").equals(expected.get("k"))) {
      what =
          "%s publishes a key of type %s, signed is with %s"
              .formatted(key.name(), published.getOrDefault("k", "rsa"), expected.get("k"));
    } else if (!Objects.equals(published.get("p"), expected.get("p"))) {
      what = key.name() + " publishes another key than the one that signs";
    } else if (!allows(published.get("h"), "sha256") || !allows(published.get("s"), "email")) {
      what = key.name() + " does not allow the key for mail signed with sha256";
    }
    if (!what.isEmpty()) {
      return List.of(problem(Subject.DKIM, "", what, PUBLISH));
    }
    return List.of(published.getOrDefault("t", "").split(":")).contains("y")
        ? List.of(
            advice(
                Subject.DKIM,
                "",
                key.name() + " is marked as a test, so receivers ignore what it says",
                "publish it without t=y"))
        : List.of();
  }

  /** Lists of services and hashes: absent allows all. */
  private static boolean allows(@Nullable String list, String wanted) {
    return list == null
        || List.of(list.toLowerCase(Locale.ROOT).split(":")).contains(wanted)
        || List.of(list.split(":")).contains("*");
  }

  /** A tag-list (RFC 6376 section 3.2); white space in values carries no meaning here. */
  static Map<String, String> tags(String record) {
    Map<String, String> tags = new HashMap<>();
    for (String part : record.split(";")) {
      int equals = part.indexOf('=');
      if (equals > 0) {
        tags.putIfAbsent(
            part.substring(0, equals).strip(), part.substring(equals + 1).replaceAll("\\s", ""));
      }
    }
    return tags;
  }
}
