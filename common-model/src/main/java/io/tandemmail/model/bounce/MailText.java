package io.tandemmail.model.bounce;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/** Text as it may stand in a message: dates, one-line values, encoded words, addresses in seven bits. */
final class MailText {
  private static final DateTimeFormatter RFC5322_DATE =
      DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss '+0000'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  /** An encoded word is 75 characters at most (RFC 2047 section 2), its Base64 four for three octets. */
  private static final int ENCODED_WORD_OCTETS_MAX = 45;

  private MailText() {}

  static String date(Instant at) {
    return RFC5322_DATE.format(at);
  }

  /** Without line ends and control characters: what a server or a submitter wrote adds no field of its own. */
  static String oneLine(String text, int charsMax) {
    String bounded = text.length() > charsMax ? text.substring(0, charsMax) : text;
    return bounded.replaceAll("\\p{Cntrl}+", " ").strip();
  }

  static boolean isAscii(String text) {
    return text.chars().allMatch(c -> c < 0x80);
  }

  static String asciiOnly(String text) {
    return text.replaceAll("[^\\x00-\\x7f]", "?");
  }

  /** A field's value as encoded words where it needs them (RFC 2047). */
  static String encoded(String text) {
    if (isAscii(text)) {
      return text;
    }
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    int octets = 0;
    for (int i = 0; i < text.length(); ) {
      String character = new String(Character.toChars(text.codePointAt(i)));
      int size = character.getBytes(StandardCharsets.UTF_8).length;
      if (octets + size > ENCODED_WORD_OCTETS_MAX) {
        words.add(encodedWord(word.toString()));
        word.setLength(0);
        octets = 0;
      }
      word.append(character);
      octets += size;
      i += character.length();
    }
    words.add(encodedWord(word.toString()));
    return String.join("\r\n ", words);
  }

  /**
   * A type and an address as RFC 3464 wants them: {@code rfc822; ann@example.net}, or for an internationalised one the
   * seven-bit form of RFC 6533 section 3, {@code utf-8; j\x{F6}rg@example.net}.
   */
  static String typed(String address) {
    if (isAscii(address)) {
      return "rfc822; " + address;
    }
    StringBuilder xtext = new StringBuilder("utf-8; ");
    address
        .codePoints()
        .forEach(c -> {
          boolean plain = c > ' ' && c < 0x7f && c != '+' && c != '=' && c != '\\';
          xtext.append(plain ? Character.toString(c) : "\\x{%X}".formatted(c));
        });
    return xtext.toString();
  }

  private static String encodedWord(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return "=?UTF-8?B?" + Base64.getEncoder().encodeToString(utf8) + "?=";
  }
}
