package io.tandemmail.worker.dkim;

import io.tandemmail.worker.dkim.canonical.MessageFields;
import io.tandemmail.worker.dkim.canonical.MessageFields.Field;
import io.tandemmail.worker.dkim.canonical.Relaxed;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Verifies with the JDK and our own canonical forms, which RelaxedTest holds to the RFCs; PythonDkimTest verifies with none of
 * our code.
 */
final class VerifiedSignatures {
  private VerifiedSignatures() {}

  /** The selectors whose signatures hold, in the order of the fields. */
  static List<String> of(byte[] message, Map<String, PublicKey> bySelector)
      throws GeneralSecurityException {
    MessageFields fields = MessageFields.of(message);
    List<String> holding = new ArrayList<>();
    for (Field field : fields.named("dkim-signature")) {
      String value =
          new String(
              message,
              field.valueStart(),
              field.end() - field.valueStart(),
              StandardCharsets.US_ASCII);
      Map<String, String> tags = tags(value);
      PublicKey key = bySelector.get(tags.get("s"));
      if (key != null && bodyHolds(fields, tags) && fieldsHold(fields, value, tags, key)) {
        holding.add(tags.get("s"));
      }
    }
    return holding;
  }

  private static boolean bodyHolds(MessageFields fields, Map<String, String> tags)
      throws GeneralSecurityException {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    Relaxed.body(fields.message(), fields.bodyStart(), digest::update);
    return Base64.getEncoder().encodeToString(digest.digest()).equals(tags.get("bh"));
  }

  private static boolean fieldsHold(
      MessageFields fields, String value, Map<String, String> tags, PublicKey key)
      throws GeneralSecurityException {
    ByteArrayOutputStream signed = new ByteArrayOutputStream();
    Relaxed.fields(fields, List.of(tags.get("h").split(":")), signed);
    byte[] unsigned =
        value.substring(0, value.lastIndexOf("b=") + 2).getBytes(StandardCharsets.US_ASCII);
    Relaxed.field("dkim-signature", unsigned, 0, unsigned.length, signed);
    boolean rsa = tags.get("a").equals("rsa-sha256");
    Signature verifier = Signature.getInstance(rsa ? "SHA256withRSA" : "Ed25519");
    verifier.initVerify(key);
    verifier.update(
        rsa
            ? signed.toByteArray()
            : MessageDigest.getInstance("SHA-256").digest(signed.toByteArray()));
    return verifier.verify(Base64.getDecoder().decode(tags.get("b")));
  }

  private static Map<String, String> tags(String value) {
    Map<String, String> tags = new HashMap<>();
    for (String tag : value.replaceAll("\\s", "").split(";")) {
      int equals = tag.indexOf('=');
      tags.put(tag.substring(0, equals), tag.substring(equals + 1));
    }
    return tags;
  }
}
