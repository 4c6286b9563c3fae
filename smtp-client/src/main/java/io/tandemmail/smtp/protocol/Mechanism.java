package io.tandemmail.smtp.protocol;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** SASL mechanisms of SMTP AUTH (RFC 4954), the client's words in base64. In the order they are preferred over TLS. */
public enum Mechanism {
  /** RFC 4616. */
  PLAIN {
    @Override
    Optional<String> initialResponse(Login login) {
      return Optional.of(base64("\0" + login.username() + "\0" + login.secret()));
    }

    @Override
    String respond(Login login, int step, String challenge) {
      return step == 0 ? initialResponse(login).orElseThrow() : CANCEL;
    }
  },
  /** draft-murchison-sasl-login: user name and password, each after a challenge. */
  LOGIN {
    @Override
    String respond(Login login, int step, String challenge) {
      return switch (step) {
        case 0 -> base64(login.username());
        case 1 -> base64(login.secret());
        default -> CANCEL;
      };
    }
  },
  /** RFC 2195: the password itself never travels. */
  CRAM_MD5 {
    @Override
    String respond(Login login, int step, String challenge) {
      if (step > 0) {
        return CANCEL;
      }
      try {
        Mac mac = Mac.getInstance("HmacMD5");
        mac.init(new SecretKeySpec(login.secret().getBytes(StandardCharsets.UTF_8), "HmacMD5"));
        byte[] digest = mac.doFinal(Base64.getDecoder().decode(challenge));
        return base64(login.username() + " " + HexFormat.of().formatHex(digest));
      } catch (GeneralSecurityException | IllegalArgumentException unreadable) {
        return CANCEL;
      }
    }
  },
  /** An OAuth 2.0 access token for a secret. After a refusal the server explains, and waits for an empty line. */
  XOAUTH2 {
    @Override
    Optional<String> initialResponse(Login login) {
      return Optional.of(
          base64("user=" + login.username() + "\1auth=Bearer " + login.secret() + "\1\1"));
    }

    @Override
    String respond(Login login, int step, String challenge) {
      return "";
    }
  };

  /** RFC 4954 section 4: a lone asterisk cancels. */
  static final String CANCEL = "*";

  /** What may go along with the AUTH command. */
  Optional<String> initialResponse(Login login) {
    return Optional.empty();
  }

  /**
   * @param step 0 for the first challenge
   * @param challenge as the server sent it, base64
   */
  abstract String respond(Login login, int step, String challenge);

  /** As in the EHLO reply: {@code CRAM-MD5}. */
  public String wireName() {
    return name().replace('_', '-');
  }

  /** As in a configuration file: {@code cram-md5}. */
  public String configName() {
    return wireName().toLowerCase(Locale.ROOT);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
