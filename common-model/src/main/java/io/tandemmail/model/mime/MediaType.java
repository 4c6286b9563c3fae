package io.tandemmail.model.mime;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** The value of Content-Type (RFC 2045 section 5.1) as an attachment may give it. */
public final class MediaType {
  private static final int CHARS_MAX = 250;
  private static final String TOKEN = "[!#$%&'*+.^_`{|}~0-9A-Za-z-]+";
  private static final Pattern SYNTAX =
      Pattern.compile(
          TOKEN
              + "/"
              + TOKEN
              + "(?: *; *"
              + TOKEN
              + "=(?:"
              + TOKEN
              + "|\"(?:[ !#-\\[\\]-~]|\\\\[ -~])*+\"))*+");

  private MediaType() {}

  public static Optional<Flaw> flaw(String type) {
    if (type.length() > CHARS_MAX || !SYNTAX.matcher(type).matches()) {
      return HeaderField.flaw("is not a media type", "write type/subtype, such as application/pdf");
    }
    // RFC 2046 sections 5.1 and 5.2.1: these may not be encoded as base64, which an attachment is.
    String lower = type.toLowerCase(Locale.ROOT);
    return lower.startsWith("multipart/") || lower.startsWith("message/")
        ? HeaderField.flaw(
            "is a type that cannot be sent as base64",
            "use application/octet-stream with a filename such as mail.eml")
        : Optional.empty();
  }
}
