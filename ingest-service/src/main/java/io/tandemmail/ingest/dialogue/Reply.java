package io.tandemmail.ingest.dialogue;

import java.util.List;

/**
 * One reply (RFC 5321 section 4.2), of one line or more.
 *
 * @param lines without code and line ends; each begins with its enhanced status code where it has one
 */
public record Reply(int code, List<String> lines) {
  /** Section 4.5.3.1.5: 512 octets with code and line end. */
  private static final int LINE_CHARS_MAX = 500;

  public Reply {
    lines = List.copyOf(lines);
  }

  public static Reply of(int code, String text) {
    return new Reply(code, List.of(text));
  }

  /** As it goes over the wire. Printable ASCII whatever it quotes: a reply cannot contain another one. */
  public String wire() {
    StringBuilder wire = new StringBuilder();
    for (int i = 0; i < lines.size(); i++) {
      wire.append(code).append(i < lines.size() - 1 ? '-' : ' ').append(printable(lines.get(i)));
      wire.append("\r\n");
    }
    return wire.toString();
  }

  private static String printable(String text) {
    String bounded = text.length() > LINE_CHARS_MAX ? text.substring(0, LINE_CHARS_MAX) : text;
    return bounded.replaceAll("[^ -~]", "?");
  }
}
