package io.tandemmail.model.address;

import com.sanctionco.jmail.EmailValidator;
import com.sanctionco.jmail.JMail;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/**
 * An RFC 5321 mailbox, bare: no display name, no angle brackets, no SMTP parameters. The check is stricter than the
 * grammar where the grammar would let a command through: nothing that could end a line or an argument passes.
 */
public record EmailAddress(String text) {
  /** RFC 5321 section 4.5.3.1: a path is 256 octets with its brackets; a local-part 64. */
  private static final int OCTETS_MAX = 254;

  private static final int LOCAL_OCTETS_MAX = 64;
  private static final EmailValidator STRICT = JMail.strictValidator();

  public EmailAddress {
    Optional<String> problem = problem(text);
    if (problem.isPresent()) {
      throw new IllegalArgumentException(problem.get());
    }
  }

  /** Why the text is not an address; empty when it is one. The text itself is not repeated: it may be hostile. */
  public static Optional<String> problem(String text) {
    if (text.isEmpty()) {
      return Optional.of("is empty");
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean foreignSpace = c > 0x7f && (c <= 0x9f || Character.isSpaceChar(c));
      if (c <= ' ' || c == 0x7f || foreignSpace || c == '<' || c == '>' || c == ',' || c == ';') {
        return Optional.of(
            c == '\r' || c == '\n'
                ? "contains a line break"
                : "contains a space, bracket, list separator or control character");
      }
    }
    int at = text.lastIndexOf('@');
    if (at < 1 || at == text.length() - 1) {
      return Optional.of("is not of the form local-part@domain");
    }
    if (octets(text) > OCTETS_MAX) {
      return Optional.of("is longer than " + OCTETS_MAX + " octets");
    }
    if (octets(text.substring(0, at)) > LOCAL_OCTETS_MAX) {
      return Optional.of("has a local-part longer than " + LOCAL_OCTETS_MAX + " octets");
    }
    return STRICT.isValid(text) ? Optional.empty() : Optional.of("is not a valid RFC 5321 mailbox");
  }

  /** Equal for addresses that reach the same mailbox: the domain's case never matters, the local-part's may. */
  public static String identity(String address) {
    int at = address.lastIndexOf('@');
    return address.substring(0, at + 1) + address.substring(at + 1).toLowerCase(Locale.ROOT);
  }

  private static int octets(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
