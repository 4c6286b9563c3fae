package io.tandemmail.model.settings;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/** The API keys file: a name for each key and the SHA-256 of the key, {@code shop: 2c26b46b…}. */
public final class YamlKeys {
  private static final int SHA256_BYTES = 32;

  private YamlKeys() {}

  /**
   * @throws IllegalArgumentException naming file, key and remedy
   */
  public static List<byte[]> sha256Hashes(String file, String yaml) {
    Reading reading = new Reading(file, Map.of());
    Optional<Node> root;
    try {
      root = new Compose(LoadSettings.builder().setLabel(file).build()).composeString(yaml);
    } catch (YamlEngineException e) {
      throw new IllegalArgumentException(file + " is not YAML: " + e.getMessage(), e);
    }
    Section keys = new Section(reading, "", root);
    List<byte[]> hashes = new ArrayList<>();
    for (String name : List.copyOf(keys.keys())) {
      keys.text(name)
          .ifPresent(hex ->
              hash(hex)
                  .ifPresentOrElse(
                      hashes::add, () -> keys.problem(name, "is not a SHA-256", remedy())));
    }
    if (hashes.isEmpty()) {
      reading.problem(0, "", "holds no key", remedy());
    }
    if (!reading.problems().isEmpty()) {
      throw new IllegalArgumentException(reading.problems().getFirst().toString());
    }
    return hashes;
  }

  private static String remedy() {
    return "write name: <64 hex digits>, from printf %s KEY | sha256sum";
  }

  private static Optional<byte[]> hash(String hex) {
    try {
      byte[] bytes = HexFormat.of().parseHex(hex);
      return bytes.length == SHA256_BYTES ? Optional.of(bytes) : Optional.empty();
    } catch (IllegalArgumentException notHex) {
      return Optional.empty();
    }
  }
}
