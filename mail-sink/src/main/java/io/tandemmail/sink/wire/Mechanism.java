package io.tandemmail.sink.wire;

import io.tandemmail.smtp.server.Credentials;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** How a client may prove who it is (RFC 4954): what is asked of it, and whether its answers fit. */
public enum Mechanism {
  /** RFC 4616. */
  PLAIN("PLAIN"),
  /** Never standardised, widely used: user and password one after the other. */
  LOGIN("LOGIN"),
  /** RFC 2195: a digest of a challenge, keyed with the password, which does not travel. */
  CRAM_MD5("CRAM-MD5"),
  /** Google's and Microsoft's way of sending a bearer token; here the token is the password. */
  XOAUTH2("XOAUTH2");

  private static final String CANCEL = "*";
  private static final String REFUSED = "{\"status\":\"401\",\"schemes\":\"bearer\"}";

  /** One challenge and the line that answers it. */
  @FunctionalInterface
  public interface Dialogue {
    String ask(String base64) throws IOException;
  }

  /** What became of it. */
  public enum Verdict {
    WELCOME,
    REFUSED,
    /** With {@code *}, by the client. */
    CANCELLED
  }

  private final String keyword;

  Mechanism(String keyword) {
    this.keyword = keyword;
  }

  public String keyword() {
    return keyword;
  }

  /** Empty when the word is no mechanism of these. */
  public static Optional<Mechanism> of(String word) {
    return Arrays.stream(values())
        .filter(mechanism -> mechanism.keyword.equalsIgnoreCase(word))
        .findFirst();
  }

  /**
   * @param initial response, in base64; empty for none, {@code =} for an empty one
   * @param challenge for CRAM-MD5, never used before
   */
  public Verdict check(Credentials expected, String initial, String challenge, Dialogue client)
      throws IOException {
    String first =
        switch (this) {
          case PLAIN, XOAUTH2 -> initial.isEmpty() ? client.ask("") : initial;
          case LOGIN -> initial.isEmpty() ? client.ask(encoded("Username:")) : initial;
          case CRAM_MD5 -> client.ask(encoded(challenge));
        };
    if (first.equals(CANCEL)) {
      return Verdict.CANCELLED;
    }
    String said = Credentials.decoded(first.equals("=") ? "" : first).orElse("");
    return switch (this) {
      case PLAIN -> verdict(Credentials.ofPlain(first).filter(expected::equals).isPresent());
      case LOGIN -> {
        String password = client.ask(encoded("Password:"));
        yield password.equals(CANCEL)
            ? Verdict.CANCELLED
            : verdict(
                said.equals(expected.user())
                    && Credentials.decoded(password)
                        .filter(expected.password()::equals)
                        .isPresent());
      }
      case CRAM_MD5 -> verdict(same(said, expected.user() + " " + digest(challenge, expected)));
      case XOAUTH2 -> {
        boolean right =
            same(said, "user=" + expected.user() + "\1auth=Bearer " + expected.password() + "\1\1");
        if (!right) {
          client.ask(encoded(REFUSED));
        }
        yield verdict(right);
      }
    };
  }

  private static Verdict verdict(boolean right) {
    return right ? Verdict.WELCOME : Verdict.REFUSED;
  }

  private static boolean same(String given, String expected) {
    return MessageDigest.isEqual(bytes(given), bytes(expected));
  }

  private static String digest(String challenge, Credentials expected) {
    try {
      Mac mac = Mac.getInstance("HmacMD5");
      mac.init(new SecretKeySpec(bytes(expected.password()), "HmacMD5"));
      return HexFormat.of().formatHex(mac.doFinal(bytes(challenge)));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IllegalStateException("no HMAC-MD5 with this password", e);
    }
  }

  private static String encoded(String text) {
    return Base64.getEncoder().encodeToString(bytes(text));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
