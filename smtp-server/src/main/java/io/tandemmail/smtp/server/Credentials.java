package io.tandemmail.smtp.server;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** A user and a password as SASL carries them. */
public record Credentials(String user, String password) {
  /** AUTH PLAIN (RFC 4616): identity NUL user NUL password, in base64. */
  public static Optional<Credentials> ofPlain(String base64) {
    return decoded(base64)
        .map(text -> text.split("\0", -1))
        .filter(parts -> parts.length == 3)
        .map(parts -> new Credentials(parts[1], parts[2]));
  }

  public static Optional<String> decoded(String base64) {
    try {
      return Optional.of(new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
  }

  @Override
  public String toString() {
    return "Credentials[" + user + "]";
  }
}
