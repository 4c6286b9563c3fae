package io.tandemmail.worker.compose;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * One MIME parameter in the form its value needs: quoted, in numbered sections when long, percent-encoded UTF-8 when not
 * ASCII (RFC 2231 sections 3 and 4). Mail readers decode these; an encoded-word in a parameter is forbidden (RFC 2047
 * section 5).
 */
final class Parameter {
  /** With the space before and the semicolon behind it still a line of 78. */
  private static final int SECTION_CHARS_MAX = 74;

  private static final String CHARSET = "UTF-8''";
  private static final String ATTRIBUTE_SPECIALS = "!#$&+-.^_`{|}~";

  private Parameter() {}

  /** The token before it is to end in a semicolon. */
  static void write(HeaderLine line, String name, String value) {
    boolean ascii = value.chars().allMatch(c -> c < 0x7f);
    String plain = name + (ascii ? "=\"" + quoted(value) + "\"" : "*=" + CHARSET + percent(value));
    if (plain.length() <= SECTION_CHARS_MAX) {
      line.token(" ", plain);
      return;
    }
    int section = 0;
    int start = 0;
    while (start < value.length()) {
      String prefix = name + "*" + section + (ascii ? "=\"" : section == 0 ? "*=" + CHARSET : "*=");
      StringBuilder text = new StringBuilder(prefix);
      while (start < value.length()) {
        int codePoint = value.codePointAt(start);
        String character = Character.toString(codePoint);
        String encoded = ascii ? quoted(character) : percent(character);
        if (text.length() + encoded.length() >= SECTION_CHARS_MAX) {
          break;
        }
        text.append(encoded);
        start += character.length();
      }
      line.token(" ", text + (ascii ? "\"" : "") + (start < value.length() ? ";" : ""));
      section++;
    }
  }

  private static String quoted(String value) {
    return value.replace("\\", "\\\\").replace("\"", "\\\"");
  }

  private static String percent(String value) {
    StringBuilder encoded = new StringBuilder(value.length() * 3);
    for (byte octet : value.getBytes(StandardCharsets.UTF_8)) {
      boolean plain =
          octet >= 'a' && octet <= 'z'
              || octet >= 'A' && octet <= 'Z'
              || octet >= '0' && octet <= '9'
              || octet > 0 && ATTRIBUTE_SPECIALS.indexOf(octet) >= 0;
      if (plain) {
        encoded.append((char) octet);
      } else {
        encoded.append(String.format(Locale.ROOT, "%%%02X", octet & 0xff));
      }
    }
    return encoded.toString();
  }
}
