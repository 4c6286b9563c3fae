package io.tandemmail.ingest.accept;

import io.tandemmail.model.settings.YamlKeys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Optional;

/**
 * Who may submit. Keys are kept as SHA-256 hashes, so the file is no secret to steal; the comparison takes the same time
 * for every key.
 */
public final class ApiKeys {
  private final Optional<List<byte[]>> hashes;

  private ApiKeys(Optional<List<byte[]>> hashes) {
    this.hashes = hashes;
  }

  /** Without a file everybody may submit; the settings then allow loopback addresses only. */
  public static ApiKeys load(Optional<Path> file) {
    if (file.isEmpty()) {
      return new ApiKeys(Optional.empty());
    }
    try {
      return new ApiKeys(
          Optional.of(YamlKeys.sha256Hashes(file.get().toString(), Files.readString(file.get()))));
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "cannot read ingest.api-keys-file " + file.get() + ": " + e.getMessage(), e);
    }
  }

  /** Whether a key must be shown. */
  public boolean areRequired() {
    return hashes.isPresent();
  }

  /** @param authorization the value of HTTP's header */
  public boolean allow(Optional<String> authorization) {
    String presented =
        authorization
            .filter(text -> text.startsWith("Bearer "))
            .map(text -> text.substring(7))
            .orElse("");
    return hold(presented.strip());
  }

  /** True for a key of the file, and for any where there is none. */
  public boolean hold(String key) {
    if (hashes.isEmpty()) {
      return true;
    }
    byte[] hash = sha256(key);
    boolean found = false;
    for (byte[] known : hashes.get()) {
      found |= MessageDigest.isEqual(known, hash);
    }
    return found;
  }

  private static byte[] sha256(String key) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
