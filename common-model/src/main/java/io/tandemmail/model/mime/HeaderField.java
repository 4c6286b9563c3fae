package io.tandemmail.model.mime;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Names and bodies of header fields (RFC 5322 section 2.2) as submissions may give them. */
public final class HeaderField {
  /** Leaves room for a body on the first line of 78. */
  public static final int NAME_CHARS_MAX = 70;

  /** Written by Tandem from the submission's other fields; a second one would contradict it. */
  private static final Set<String> COMPOSED =
      Set.of(
          "from",
          "to",
          "cc",
          "bcc",
          "subject",
          "reply-to",
          "date",
          "message-id",
          "mime-version",
          "return-path");

  /** Written by servers on the way or by the signer; given by the submitter they would be false testimony. */
  private static final Set<String> TRACE =
      Set.of("received", "dkim-signature", "authentication-results", "delivered-to");

  private HeaderField() {}

  public static Optional<Flaw> nameFlaw(String name) {
    if (name.isEmpty() || !name.chars().allMatch(c -> c > ' ' && c < 0x7f && c != ':')) {
      return flaw("is not a header field name", "use printable ASCII without spaces and colons");
    }
    if (name.length() > NAME_CHARS_MAX) {
      return flaw("is longer than " + NAME_CHARS_MAX + " characters", "choose a shorter name");
    }
    String lower = name.toLowerCase(Locale.ROOT);
    if (COMPOSED.contains(lower) || lower.startsWith("content-")) {
      return flaw("is written by Tandem", "use the submission's own field for it");
    }
    if (TRACE.contains(lower) || lower.startsWith("arc-")) {
      return flaw("is written by mail servers and signers", "remove it");
    }
    return Optional.empty();
  }

  /** Nothing that ends a line or that a terminal obeys: C0, DEL and C1 (RFC 5322 section 2.2, RFC 6532 section 3.2). */
  public static Optional<Flaw> textFlaw(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c >= 0x7f && c <= 0x9f) {
        return c == '\r' || c == '\n'
            ? flaw("contains a line break", "write it on one line")
            : flaw("contains the control character U+%04X".formatted((int) c), "remove it");
      }
    }
    return Optional.empty();
  }

  /** As it stands between the brackets of Content-ID and behind {@code cid:} (RFC 2392). */
  public static Optional<Flaw> contentIdFlaw(String id) {
    boolean legal =
        !id.isEmpty()
            && id.length() <= 200
            && id.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '<' && c != '>' && c != '"');
    return legal
        ? Optional.empty()
        : flaw(
            "is not 1 to 200 printable ASCII characters without spaces, quotes and brackets",
            "write it as in cid:…, such as logo or logo@example.com");
  }

  static Optional<Flaw> flaw(String problem, String remedy) {
    return Optional.of(new Flaw(problem, remedy));
  }
}
