package io.tandemmail.worker.dkim;

import io.tandemmail.worker.dkim.canonical.FromDomain;
import io.tandemmail.worker.dkim.canonical.MessageFields;
import io.tandemmail.worker.dkim.canonical.Relaxed;
import io.tandemmail.worker.dkim.canonical.SignatureField;
import io.tandemmail.worker.dkim.canonical.SignedNames;
import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Signs the mail of one route. */
public final class DkimSigner {
  private final Map<String, List<SigningKey>> byDomain = new HashMap<>();

  DkimSigner(List<SigningKey> keys) {
    for (SigningKey key : keys) {
      byDomain.computeIfAbsent(key.signer().domain(), any -> new ArrayList<>()).add(key);
    }
  }

  /**
   * The DKIM-Signature fields to put before the message, each ended by CR LF; empty when the route has no key for its author.
   * Each signs the message as it is given here: the body and the signed fields are canonicalized once for all keys.
   *
   * @param message as it will be sent, with CR LF line ends; must not change afterwards
   * @param submittedAt becomes the signature's time, so that every attempt has the same
   */
  public Optional<byte[]> sign(byte[] message, Instant submittedAt)
      throws GeneralSecurityException {
    MessageFields fields = MessageFields.of(message);
    List<SigningKey> keys = FromDomain.of(fields).map(this::keysFor).orElse(List.of());
    if (keys.isEmpty()) {
      return Optional.empty();
    }
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    Relaxed.body(message, fields.bodyStart(), digest::update);
    byte[] bodyHash = digest.digest();
    List<String> names = SignedNames.of(fields);
    ByteArrayOutputStream canonical = new ByteArrayOutputStream(1024);
    Relaxed.fields(fields, names, canonical);
    byte[] signedFields = canonical.toByteArray();
    ByteArrayOutputStream prefix = new ByteArrayOutputStream(1024 * keys.size());
    for (SigningKey key : keys) {
      SignatureField field = new SignatureField(key.signer(), submittedAt, names, bodyHash);
      prefix.writeBytes(field.signed(key.sign(signedFields, field.canonical())));
    }
    return Optional.of(prefix.toByteArray());
  }

  /** Those of the domain itself, then those of its parents. */
  private List<SigningKey> keysFor(String from) {
    List<SigningKey> keys = new ArrayList<>(2);
    String domain = from;
    while (true) {
      keys.addAll(byDomain.getOrDefault(domain, List.of()));
      int dot = domain.indexOf('.');
      if (dot < 0) {
        return keys;
      }
      domain = domain.substring(dot + 1);
    }
  }
}
