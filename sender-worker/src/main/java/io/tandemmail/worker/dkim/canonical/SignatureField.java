package io.tandemmail.worker.dkim.canonical;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;

/**
 * A DKIM-Signature field (RFC 6376 section 3.5), folded where the grammar of its tags allows it. The signature stands last:
 * everything before it is part of what is signed, with the b= tag empty (section 3.7).
 */
public final class SignatureField {
  private static final String NAME = "DKIM-Signature";
  private static final String FOLD = "\r\n ";

  /** Octets of a line without its CR LF. RFC 5322 section 2.1.1 asks for 78 at most. */
  private static final int LINE_MAX = 76;

  private final StringBuilder text = new StringBuilder(1024);
  private int column;

  /**
   * Who signs, and with what.
   *
   * @param domain d=
   * @param selector s=
   */
  public record Signer(DkimAlgorithm algorithm, String domain, String selector) {}

  /**
   * @param time t=, to the second
   * @param names h=
   * @param bodyHash SHA-256 of the canonical body
   */
  public SignatureField(Signer signer, Instant time, List<String> names, byte[] bodyHash) {
    append(NAME + ": v=1;");
    tag("a=" + signer.algorithm().tag() + ";");
    tag("c=relaxed/relaxed;");
    tag("d=" + signer.domain() + ";");
    tag("s=" + signer.selector() + ";");
    tag("t=" + time.getEpochSecond() + ";");
    for (int i = 0; i < names.size(); i++) {
      String piece = names.get(i) + (i + 1 < names.size() ? ":" : ";");
      if (i == 0) {
        tag("h=" + piece);
      } else {
        if (column + piece.length() > LINE_MAX) {
          fold();
        }
        append(piece);
      }
    }
    tag("bh=" + Base64.getEncoder().encodeToString(bodyHash) + ";");
    fold();
    append("b=");
  }

  /** What is signed of this field: relaxed, without a line end. */
  public byte[] canonical() {
    byte[] bytes = bytes();
    ByteArrayOutputStream canonical = new ByteArrayOutputStream(bytes.length);
    Relaxed.field("dkim-signature", bytes, NAME.length() + 1, bytes.length, canonical);
    return canonical.toByteArray();
  }

  /** The whole field with its CR LF. Call once. */
  public byte[] signed(byte[] signature) {
    String base64 = Base64.getEncoder().encodeToString(signature);
    int from = 0;
    while (from < base64.length()) {
      int to = Math.min(base64.length(), from + LINE_MAX - column);
      append(base64.substring(from, to));
      from = to;
      if (from < base64.length()) {
        fold();
      }
    }
    text.append("\r\n");
    return bytes();
  }

  private void tag(String tag) {
    if (column + 1 + tag.length() > LINE_MAX) {
      fold();
    } else {
      append(" ");
    }
    append(tag);
  }

  private void fold() {
    text.append(FOLD);
    column = 1;
  }

  private void append(String piece) {
    text.append(piece);
    column += piece.length();
  }

  private byte[] bytes() {
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }
}
