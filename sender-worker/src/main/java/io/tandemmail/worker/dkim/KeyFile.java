package io.tandemmail.worker.dkim;

import io.tandemmail.worker.dkim.PemPrivateKey.Parsed;
import io.tandemmail.worker.dkim.PemPrivateKey.Unusable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;

/** The file of a private key. */
final class KeyFile {
  /** An RSA key of 16,384 bits has 13 kB; more is no key. */
  private static final int OCTETS_MAX = 64 << 10;

  private KeyFile() {}

  static Parsed read(Path file) throws Unusable {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(OCTETS_MAX + 1);
    } catch (IOException e) {
      throw new Unusable(
          "cannot be read (" + reason(e) + ")",
          "give a private key in PEM that the worker's user may read");
    }
    if (bytes.length > OCTETS_MAX) {
      throw new Unusable("is too large for a key", "give a private key in PEM");
    }
    return PemPrivateKey.parse(new String(bytes, StandardCharsets.ISO_8859_1));
  }

  /** What is unwise about the file, though it works. */
  static Optional<String> warning(Path file) {
    try {
      return Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ)
          ? Optional.of("can be read by every user of this machine; chmod 600 it, or 640")
          : Optional.empty();
    } catch (IOException | UnsupportedOperationException noSuchPermissions) {
      return Optional.empty();
    }
  }

  private static String reason(IOException e) {
    return switch (e) {
      case NoSuchFileException missing -> "no such file";
      case AccessDeniedException denied -> "permission denied";
      default -> String.valueOf(e.getMessage());
    };
  }
}
