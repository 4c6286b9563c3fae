package io.tandemmail.model.settings;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** A route's {@code dkim} list. What is in the key files is another's affair: reading them is I/O. */
final class DkimReader {
  private static final String LABEL = "[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?";

  /** Two labels at least: a key for a whole top-level domain would sign for everybody in it. */
  private static final Pattern DOMAIN = Pattern.compile(LABEL + "(?:\\." + LABEL + ")+");

  private static final Pattern SELECTOR = Pattern.compile(LABEL + "(?:\\." + LABEL + ")*");

  /** RFC 1035 section 2.3.4, as text without the final dot. */
  private static final int NAME_OCTETS_MAX = 253;

  private static final String BETWEEN = "._domainkey.";

  private DkimReader() {}

  static List<DkimKeySettings> read(Section route) {
    List<DkimKeySettings> keys = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Section section : route.sections("dkim")) {
      String domain = name(section, "domain", DOMAIN, "a domain such as example.com");
      String selector = name(section, "selector", SELECTOR, "a DNS label such as s1");
      Optional<Path> keyFile = section.text("key-file").map(Path::of);
      if (keyFile.isEmpty()) {
        section.problem("key-file", "is missing", "give the file that holds the private key");
      }
      String record = selector + BETWEEN + domain;
      if (record.length() > NAME_OCTETS_MAX) {
        section.problem(
            "selector",
            "makes a DNS name of " + record.length() + " octets",
            "write a shorter one");
      }
      if (!domain.isEmpty() && !selector.isEmpty() && !names.add(record)) {
        section.problem("selector", "is given twice for " + domain, "remove one");
      }
      section.refuseUnknown();
      keys.add(new DkimKeySettings(domain, selector, keyFile.orElse(Path.of(""))));
    }
    return keys;
  }

  private static String name(Section section, String key, Pattern pattern, String expected) {
    Optional<String> text = section.text(key);
    if (text.isEmpty()) {
      section.problem(key, "is missing", "write " + expected);
      return "";
    }
    String name = text.get().toLowerCase(Locale.ROOT);
    if (!pattern.matcher(name).matches()) {
      section.problem(
          key, "is '" + text.get() + "'", "write " + expected + "; other scripts as xn--…");
    }
    return name;
  }
}
