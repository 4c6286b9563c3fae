package io.tandemmail.ingest.dialogue;

import io.tandemmail.smtp.server.PathArgument;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Parameters of MAIL and RCPT (RFC 5321 section 4.1.1.11): those that were offered, with values that can be. */
final class Parameters {
  private static final int DIGITS_MAX = 18;

  private Parameters() {}

  /**
   * @param sizeMax of a message
   * @return the objection; empty when there is none
   */
  static Optional<Step> ofMail(PathArgument path, int sizeMax, Auth auth) {
    for (Map.Entry<String, String> parameter : path.parameters().entrySet()) {
      String value = parameter.getValue().toUpperCase(Locale.ROOT);
      Optional<Step> objection =
          switch (parameter.getKey()) {
            case "SIZE" -> size(value, sizeMax);
            case "BODY" -> unless(value.equals("7BIT") || value.equals("8BITMIME"), "BODY");
            case "SMTPUTF8" -> unless(value.isEmpty(), "SMTPUTF8");
            // RFC 4954 section 5: whom the client speaks for; nothing here depends on it.
            case "AUTH" -> auth == Auth.OFFERED ? Optional.empty() : notOffered("AUTH");
            default -> notOffered(parameter.getKey());
          };
      if (objection.isPresent()) {
        return objection;
      }
    }
    return Optional.empty();
  }

  /** Whether AUTH was in the reply to EHLO. */
  enum Auth {
    NONE,
    OFFERED
  }

  static Optional<Step> ofRcpt(PathArgument path) {
    return path.parameters().keySet().stream().findFirst().flatMap(Parameters::notOffered);
  }

  static Step tooLarge(int sizeMax) {
    return Step.say(552, "5.3.4 the limit is " + sizeMax + " bytes (ingest.max-message-size)");
  }

  private static Optional<Step> size(String value, int sizeMax) {
    if (value.isEmpty() || !value.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return unless(false, "SIZE");
    }
    return value.length() > DIGITS_MAX || Long.parseLong(value) > sizeMax
        ? Optional.of(tooLarge(sizeMax))
        : Optional.empty();
  }

  private static Optional<Step> unless(boolean legal, String name) {
    return legal
        ? Optional.empty()
        : Optional.of(Step.say(501, "5.5.4 " + name + " cannot have that value"));
  }

  private static Optional<Step> notOffered(String name) {
    return Optional.of(Step.say(555, "5.5.4 parameter " + name + " was not offered"));
  }
}
