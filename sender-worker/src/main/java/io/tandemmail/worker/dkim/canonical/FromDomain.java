package io.tandemmail.worker.dkim.canonical;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The domain of a message's author: of the first mailbox of its From field (RFC 5322 section 3.6.2). Quoted strings, comments,
 * source routes and folding are read as the grammar has them. Where receivers would not agree on one author there is none: no
 * From field or several, a group, a domain literal.
 */
public final class FromDomain {
  /** RFC 1035 section 2.3.4, as text. */
  private static final int OCTETS_MAX = 253;

  private final String value;
  private int at;

  /** Of the address being read, without comments, quoted strings and blanks. */
  private final StringBuilder address = new StringBuilder();

  private FromDomain(String value) {
    this.value = value;
  }

  /** Lower-case; octets beyond ASCII as they came, one char each. */
  public static Optional<String> of(MessageFields fields) {
    List<MessageFields.Field> from = fields.named("from");
    if (from.size() != 1) {
      return Optional.empty();
    }
    MessageFields.Field field = from.getFirst();
    return of(
        new String(
            fields.message(),
            field.valueStart(),
            field.end() - field.valueStart(),
            StandardCharsets.ISO_8859_1));
  }

  static Optional<String> of(String value) {
    String address = new FromDomain(value).firstAddress();
    if (address == null) {
      return Optional.empty();
    }
    int sign = address.lastIndexOf('@');
    String domain = address.substring(sign + 1).toLowerCase(Locale.ROOT);
    boolean plausible =
        sign > 0 && !domain.isEmpty() && domain.length() <= OCTETS_MAX && domain.indexOf('[') < 0;
    return plausible ? Optional.of(domain) : Optional.empty();
  }

  private @Nullable String firstAddress() {
    while (at < value.length()) {
      char c = value.charAt(at++);
      switch (c) {
        case '(' -> skipComment();
        case '"' -> {
          skipQuoted();
          address.append('q');
        }
        case '<' -> {
          return angleAddress();
        }
        case ':', ';' -> {
          // A group, or the end of one that never began.
          return null;
        }
        case ',' -> {
          if (!address.isEmpty()) {
            return address.toString();
          }
        }
        default -> append(c);
      }
    }
    return address.toString();
  }

  /** What was read so far was the display name. */
  private @Nullable String angleAddress() {
    address.setLength(0);
    while (at < value.length()) {
      char c = value.charAt(at++);
      switch (c) {
        case '(' -> skipComment();
        case '"' -> {
          skipQuoted();
          address.append('q');
        }
        case '>' -> {
          return address.toString();
        }
        // A source route (RFC 5322 section 4.4) ends here.
        case ':' -> address.setLength(0);
        default -> append(c);
      }
    }
    return null;
  }

  private void append(char c) {
    if (c != ' ' && c != '\t' && c != '\r' && c != '\n') {
      address.append(c);
    }
  }

  private void skipQuoted() {
    while (at < value.length()) {
      char c = value.charAt(at++);
      if (c == '\\') {
        at++;
      } else if (c == '"') {
        return;
      }
    }
  }

  /** Comments nest. */
  private void skipComment() {
    int depth = 1;
    while (at < value.length() && depth > 0) {
      char c = value.charAt(at++);
      if (c == '\\') {
        at++;
      } else if (c == '(') {
        depth++;
      } else if (c == ')') {
        depth--;
      }
    }
  }
}
