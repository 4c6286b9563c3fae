package io.tandemmail.worker.dkim;

import io.tandemmail.worker.dkim.canonical.DkimAlgorithm;
import io.tandemmail.worker.dkim.canonical.SignatureField.Signer;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.Base64;

/**
 * The TXT record that publishes a key (RFC 6376 section 3.6.1, RFC 8463 section 4).
 *
 * @param name {@code <selector>._domainkey.<domain>}
 * @param text {@code v=DKIM1; k=…; p=…}, not split
 */
public record KeyRecord(String name, String text) {
  /** RFC 1035 section 3.3.14: a TXT record is made of strings of 255 octets at most. */
  private static final int STRING_MAX = 255;

  private static final int ED25519_OCTETS = 32;

  static KeyRecord of(Signer signer, PublicKey key) {
    byte[] encoded = key.getEncoded();
    byte[] published =
        switch (signer.algorithm()) {
          case RSA_SHA256 -> encoded;
          // Not the SubjectPublicKeyInfo, as for RSA, but the bare key at its end.
          case ED25519_SHA256 ->
              Arrays.copyOfRange(encoded, encoded.length - ED25519_OCTETS, encoded.length);
        };
    DkimAlgorithm algorithm = signer.algorithm();
    return new KeyRecord(
        signer.selector() + "._domainkey." + signer.domain(),
        "v=DKIM1; k="
            + algorithm.keyType()
            + "; p="
            + Base64.getEncoder().encodeToString(published));
  }

  /** A line for a zone file (RFC 1035 section 5). */
  public String zoneLine() {
    StringBuilder line = new StringBuilder(name).append(". IN TXT");
    for (int from = 0; from < text.length(); from += STRING_MAX) {
      String part = text.substring(from, Math.min(text.length(), from + STRING_MAX));
      line.append(" \"").append(part).append('"');
    }
    return line.toString();
  }
}
