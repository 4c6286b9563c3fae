package io.tandemmail.model.doubt;

import io.tandemmail.model.submission.ReturnReason;
import io.tandemmail.model.wire.HeaderNames;
import io.tandemmail.model.wire.Headers;
import io.tandemmail.model.wire.Headers.Header;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * An operator's word on recipients that are held in doubt. It travels as headers of a record of {@code mail.returned} under
 * the message's id, because who reads that partition owns the message: it alone ends it, once (I1).
 *
 * @param recipients whom it is about; empty: all that are held
 * @param by who says so
 */
public record Resolution(
    String id, List<String> recipients, As as, String by, Optional<String> why) {

  private static final int TEXT_CHARS_MAX = 200;

  public Resolution {
    recipients = List.copyOf(recipients);
    by = bounded(by);
    why = why.map(Resolution::bounded);
    if (id.isEmpty() || by.isBlank()) {
      throw new IllegalArgumentException("a resolution names a message and who decided");
    }
  }

  /** What the operator found out. */
  public enum As {
    DELIVERED,
    FAILED,
    /** The server does not have it, or a second copy is the lesser evil. */
    RESEND;

    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public Headers write() {
    List<Header> all = new ArrayList<>();
    all.add(Header.of(HeaderNames.ID, id));
    recipients.forEach(recipient -> all.add(Header.of(HeaderNames.RCPT_TO, recipient)));
    all.add(Header.of(HeaderNames.REASON, ReturnReason.RESOLVED.wireName()));
    all.add(Header.of(HeaderNames.RESOLVED_AS, as.wireName()));
    all.add(Header.of(HeaderNames.RESOLVED_BY, by));
    why.ifPresent(text -> all.add(Header.of(HeaderNames.RESOLVED_WHY, text)));
    return new Headers(all);
  }

  /**
   * @throws IllegalArgumentException naming the header that is missing or unreadable
   */
  public static Resolution read(Headers headers) {
    String as = required(headers, HeaderNames.RESOLVED_AS);
    for (As known : As.values()) {
      if (known.wireName().equals(as)) {
        return new Resolution(
            required(headers, HeaderNames.ID),
            headers.every(HeaderNames.RCPT_TO),
            known,
            required(headers, HeaderNames.RESOLVED_BY),
            headers.last(HeaderNames.RESOLVED_WHY));
      }
    }
    throw new IllegalArgumentException(
        "header " + HeaderNames.RESOLVED_AS + " is none of delivered, failed, resend");
  }

  /** For events and people. */
  public String inWords() {
    return "in doubt, resolved as "
        + as.wireName()
        + " by "
        + by
        + why.map(text -> ": " + text).orElse("");
  }

  private static String required(Headers headers, String name) {
    return headers
        .last(name)
        .filter(value -> !value.isBlank())
        .orElseThrow(() -> new IllegalArgumentException("header " + name + " is missing"));
  }

  private static String bounded(String text) {
    String printable = text.replaceAll("\\p{Cntrl}", " ").strip();
    return printable.length() > TEXT_CHARS_MAX ? printable.substring(0, TEXT_CHARS_MAX) : printable;
  }
}
