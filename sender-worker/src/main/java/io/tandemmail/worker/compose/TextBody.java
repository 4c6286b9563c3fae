package io.tandemmail.worker.compose;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * A text in the transfer encoding that suits it, so that no server on the way has to change it: as it is where it is ASCII in
 * short lines, quoted-printable where it is mostly ASCII, base64 for other scripts (RFC 2045 section 6). Line ends of any kind
 * become CR LF.
 */
final class TextBody {
  private static final int LINE_OCTETS_MAX = 998;
  private static final int QUOTED_CHARS_MAX = 76;

  /** From there on base64 is the shorter one: three characters for each such octet against four for every three. */
  private static final int FOREIGN_SHARE = 6;

  private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);

  /** RFC 2045 section 6.8; no line end behind the last line. */
  private static final Base64.Encoder MIME_BASE64 =
      Base64.getMimeEncoder(76, "\r\n".getBytes(StandardCharsets.US_ASCII));

  private final byte[] utf8;
  private final Encoding encoding;

  private TextBody(byte[] utf8, Encoding encoding) {
    this.utf8 = utf8;
    this.encoding = encoding;
  }

  enum Encoding {
    SEVEN_BIT("7bit"),
    QUOTED_PRINTABLE("quoted-printable"),
    BASE64("base64");

    private final String wireName;

    Encoding(String wireName) {
      this.wireName = wireName;
    }

    String wireName() {
      return wireName;
    }
  }

  static TextBody of(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return new TextBody(utf8, choose(utf8));
  }

  Encoding encoding() {
    return encoding;
  }

  void write(MimeBuffer out) {
    switch (encoding) {
      case SEVEN_BIT -> writeLines(out);
      case QUOTED_PRINTABLE -> writeQuoted(out);
      case BASE64 -> {
        MimeBuffer lines = new MimeBuffer(utf8.length + utf8.length / 16);
        writeLines(lines);
        byte[] encoded = MIME_BASE64.encode(lines.toByteArray());
        out.write(encoded, 0, encoded.length);
      }
    }
  }

  private static Encoding choose(byte[] utf8) {
    int foreign = 0;
    int lineStart = 0;
    boolean plain = true;
    for (int i = 0; i < utf8.length; i++) {
      byte b = utf8[i];
      if (b >= ' ' && b != 0x7f) {
        // Mailbox files put a > before it, which breaks signatures (RFC 2049 section 3).
        plain &= b != 'F' || i != lineStart || !isFromLine(utf8, i);
      } else if (b == '\n' || b == '\r') {
        plain &= i - lineStart <= LINE_OCTETS_MAX;
        lineStart = i + 1;
      } else if (b < 0) {
        foreign++;
      } else {
        plain &= b == '\t';
      }
    }
    plain &= foreign == 0 && utf8.length - lineStart <= LINE_OCTETS_MAX;
    if (plain) {
      return Encoding.SEVEN_BIT;
    }
    return foreign > utf8.length / FOREIGN_SHARE ? Encoding.BASE64 : Encoding.QUOTED_PRINTABLE;
  }

  private static boolean isFromLine(byte[] text, int at) {
    return at + 4 < text.length
        && text[at + 1] == 'r'
        && text[at + 2] == 'o'
        && text[at + 3] == 'm'
        && text[at + 4] == ' ';
  }

  private void writeLines(MimeBuffer out) {
    int start = 0;
    for (int i = 0; i < utf8.length; i++) {
      if (utf8[i] == '\n' || utf8[i] == '\r') {
        out.write(utf8, start, i - start).crlf();
        i += isCrLf(i) ? 1 : 0;
        start = i + 1;
      }
    }
    out.write(utf8, start, utf8.length - start);
  }

  private void writeQuoted(MimeBuffer out) {
    int column = 0;
    for (int i = 0; i < utf8.length; i++) {
      int b = utf8[i] & 0xff;
      if (b == '\n' || b == '\r') {
        i += isCrLf(i) ? 1 : 0;
        out.crlf();
        column = 0;
        continue;
      }
      boolean lastOfLine = i + 1 == utf8.length || utf8[i + 1] == '\n' || utf8[i + 1] == '\r';
      int width = isQuotedPlain(b, lastOfLine) ? 1 : 3;
      // Unless the line ends here, one column is kept for the soft break.
      if (column + width > QUOTED_CHARS_MAX - (lastOfLine ? 0 : 1)) {
        out.write('=').crlf();
        column = 0;
      }
      if (width == 3 || column == 0 && b == 'F' && isFromLine(utf8, i)) {
        out.write('=').write(HEX[b >> 4]).write(HEX[b & 0xf]);
        column += 3;
      } else {
        out.write(b);
        column++;
      }
    }
  }

  /** A space that ends a line would be lost on the way (RFC 2045 section 6.7, rule 3). */
  private static boolean isQuotedPlain(int b, boolean lastOfLine) {
    return b > ' ' && b < 0x7f && b != '=' || (b == ' ' || b == '\t') && !lastOfLine;
  }

  private boolean isCrLf(int at) {
    return utf8[at] == '\r' && at + 1 < utf8.length && utf8[at + 1] == '\n';
  }
}
