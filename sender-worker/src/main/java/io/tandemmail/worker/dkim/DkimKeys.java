package io.tandemmail.worker.dkim;

import io.tandemmail.model.settings.DkimKeySettings;
import io.tandemmail.model.settings.RouteSettings;
import io.tandemmail.model.settings.Settings;
import io.tandemmail.worker.dkim.PemPrivateKey.Parsed;
import io.tandemmail.worker.dkim.PemPrivateKey.Unusable;
import io.tandemmail.worker.dkim.canonical.SignatureField.Signer;
import java.nio.file.Path;
import java.security.Provider;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Every DKIM key of a configuration, read once, with everything that is wrong with any of them. */
public final class DkimKeys {
  private final Map<String, List<SigningKey>> byRoute = new TreeMap<>();
  private final Map<Path, Parsed> parsed = new HashMap<>();
  private final Map<String, KeyRecord> records = new TreeMap<>();
  private final List<String> problems = new ArrayList<>();
  private final SequencedSet<String> warnings = new LinkedHashSet<>();
  private final Optional<Provider> fast;

  /** A configuration names keys that cannot be used. */
  public static final class UnusableKeys extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final transient List<String> problems;

    UnusableKeys(List<String> problems) {
      super(String.join("\n", problems));
      this.problems = List.copyOf(problems);
    }

    /** Each in one line: where, what, what to do. */
    public List<String> problems() {
      return problems;
    }
  }

  private DkimKeys(Optional<Provider> fast) {
    this.fast = fast;
  }

  /** Reads the key files. Touches nothing when no route has keys. */
  public static DkimKeys read(Settings settings) {
    Collection<RouteSettings> routes = settings.routes().values();
    boolean any = routes.stream().anyMatch(route -> !route.dkim().isEmpty());
    return read(routes, any ? FastProvider.find() : Optional.empty());
  }

  /**
   * @param fast computes where it works; the JDK otherwise
   */
  public static DkimKeys read(Collection<RouteSettings> routes, Optional<Provider> fast) {
    DkimKeys keys = new DkimKeys(fast);
    routes.forEach(keys::take);
    return keys;
  }

  /** Each in one line: where, what, what to do. */
  public List<String> problems() {
    return List.copyOf(problems);
  }

  /** Legal, but somebody should know. */
  public List<String> warnings() {
    return List.copyOf(warnings);
  }

  /**
   * @throws UnusableKeys with every problem
   */
  public DkimKeys orThrow() {
    if (!problems.isEmpty()) {
      throw new UnusableKeys(problems);
    }
    return this;
  }

  /** What to publish, by name. */
  public List<KeyRecord> records() {
    return List.copyOf(records.values());
  }

  /** The same as text by name, to compare with what is published. */
  public Map<String, String> recordTexts() {
    Map<String, String> texts = new TreeMap<>();
    records.values().forEach(record -> texts.put(record.name(), record.text()));
    return texts;
  }

  /** By route; routes that do not sign are not in it. */
  public Map<String, DkimSigner> signers() {
    Map<String, DkimSigner> signers = new TreeMap<>();
    byRoute.forEach((route, keys) -> signers.put(route, new DkimSigner(keys)));
    return signers;
  }

  /** For the log: which keys, and who computes. */
  public List<String> summary() {
    List<String> lines = new ArrayList<>();
    byRoute.forEach((route, keys) ->
        keys.forEach(key ->
            lines.add(
                "route %s signs for %s with %s, selector %s, computed by %s"
                    .formatted(
                        route,
                        key.signer().domain(),
                        key.signer().algorithm().tag(),
                        key.signer().selector(),
                        key.computedBy()))));
    return lines;
  }

  private void take(RouteSettings route) {
    for (int i = 0; i < route.dkim().size(); i++) {
      DkimKeySettings settings = route.dkim().get(i);
      String where =
          "routes." + route.id() + ".dkim." + i + ".key-file: " + settings.keyFile() + " ";
      try {
        Parsed key = parsed(settings.keyFile());
        KeyFile.warning(settings.keyFile())
            .ifPresent(warning -> warnings.add(settings.keyFile() + " " + warning));
        Signer signer = new Signer(key.algorithm(), settings.domain(), settings.selector());
        SigningKey signing = SigningKey.of(signer, key.pair(), fast);
        publish(KeyRecord.of(signer, signing.publicKey()), where);
        byRoute.computeIfAbsent(route.id(), any -> new ArrayList<>()).add(signing);
      } catch (Unusable e) {
        problems.add(where + e.getMessage());
      }
    }
  }

  private Parsed parsed(Path file) throws Unusable {
    Parsed known = parsed.get(file);
    if (known == null) {
      known = KeyFile.read(file);
      parsed.put(file, known);
    }
    return known;
  }

  /** A name in the DNS publishes one key. */
  private void publish(KeyRecord record, String where) {
    @Nullable KeyRecord before = records.putIfAbsent(record.name(), record);
    if (before != null && !before.equals(record)) {
      problems.add(
          where
              + "is another key than that of another route for "
              + record.name()
              + "; give each key a selector of its own");
    }
  }
}
