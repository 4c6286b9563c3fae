package io.tandemmail.model.bounce;

import io.tandemmail.model.outcome.Outcome;
import io.tandemmail.model.outcome.Outcome.SmtpReply;
import io.tandemmail.model.outcome.OutcomeType;
import io.tandemmail.model.submission.MessageFacts;
import io.tandemmail.model.wire.HeaderNames;
import io.tandemmail.model.wire.Headers;
import io.tandemmail.model.wire.Headers.Header;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/**
 * Composes the report that tells a sender of one recipient's failure, as a submission like any other: RFC 3464 inside
 * RFC 6522's multipart/report, from the null reverse-path.
 *
 * <p>One report per recipient, under an id made of the message and the recipient: however often a crash has the failure
 * recorded, and in whatever company, the router takes the second report for the repetition that it is.
 */
public final class DeliveryReport {
  /** Begins the id of every report. */
  public static final String ID_PREFIX = "dsn-";

  private static final int ID_HEX_DIGITS = 40;
  private static final int TEXT_CHARS_MAX = 512;
  private static final String EXPIRED_STATUS = "4.4.7";
  private static final String UNDEFINED_STATUS = "5.0.0";

  private final MessageFacts facts;
  private final Outcome failed;
  private final String host;
  private final String id;

  private DeliveryReport(MessageFacts facts, Outcome failed, String host) {
    this.facts = facts;
    this.failed = failed;
    this.host = host;
    String about = facts.id() + '\n' + facts.submittedAt() + '\n' + failed.recipient();
    this.id = ID_PREFIX + MessageId.hash(about).substring(0, ID_HEX_DIGITS);
  }

  /** A record for {@code mail.submitted}, keyed by its id. */
  public record Submission(String id, Headers headers, byte[] value) {}

  /**
   * None where nobody may be told: the null reverse-path has no owner, and a report is not reported on (RFC 3464 section
   * 2, RFC 5321 section 6.1). The submission is read once, however many of its recipients failed.
   *
   * @param value the submission
   * @param failures {@code bounced} or {@code expired}, one per recipient
   * @param reportingMta this host's name
   */
  public static List<Submission> of(
      MessageFacts facts, byte[] value, List<Outcome> failures, String reportingMta) {
    if (failures.isEmpty()
        || facts.envelope().reversePath().isEmpty()
        || OriginalHeaders.isReport(facts, value)) {
      return List.of();
    }
    String host = reportingMta.matches("[A-Za-z0-9.-]{1,253}") ? reportingMta : "localhost";
    String originalHeaders = OriginalHeaders.of(facts, value);
    return failures.stream()
        .map(failed -> new DeliveryReport(facts, failed, host).submission(originalHeaders))
        .toList();
  }

  private Submission submission(String originalHeaders) {
    Headers headers =
        new Headers(
            List.of(
                Header.of(HeaderNames.ID, id),
                Header.of(HeaderNames.ROUTE, facts.route()),
                Header.of(HeaderNames.CONTENT_TYPE, HeaderNames.RFC822),
                Header.of(HeaderNames.MAIL_FROM, ""),
                Header.of(HeaderNames.RCPT_TO, facts.envelope().reversePath())));
    return new Submission(id, headers, message(originalHeaders).getBytes(StandardCharsets.UTF_8));
  }

  private String message(String originalHeaders) {
    String boundary = "=_" + id;
    String daemon = "MAILER-DAEMON@" + host;
    String text = text();
    boolean ascii = MailText.isAscii(text);
    return """
    From: Mail Delivery System <%s>
    To: <%s>
    Subject: Your message could not be delivered
    Date: %s
    Message-ID: %s
    Auto-Submitted: auto-replied
    MIME-Version: 1.0
    Content-Type: multipart/report; report-type=delivery-status;
     boundary="%s"

    This is a delivery status notification (RFC 3464).
    """
            .formatted(
                daemon,
                facts.envelope().reversePath(),
                MailText.date(failed.at()),
                MessageId.of(id, failed.at(), daemon),
                boundary)
            .replace("\n", "\r\n")
        + part(
            boundary,
            ascii
                ? "text/plain; charset=us-ascii"
                : "text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64",
            ascii ? text : base64(text))
        + part(boundary, "message/delivery-status", status())
        + part(boundary, "text/rfc822-headers", originalHeaders)
        + "\r\n--"
        + boundary
        + "--\r\n";
  }

  private static String part(String boundary, String type, String content) {
    return "\r\n--" + boundary + "\r\nContent-Type: " + type + "\r\n\r\n" + content;
  }

  private String text() {
    return """
    This is the mail system at %s.

    Your message could not be delivered to the recipient below.
    It will not be tried again.

    <%s>: %s

    The next part of this report is for programs. The last one is the
    beginning of your message.
    """
        .formatted(host, failed.recipient(), why())
        .replace("\n", "\r\n");
  }

  private String why() {
    String why =
        failed
            .reply()
            .map(reply -> "the server answered " + line(reply) + " to " + reply.phase())
            .or(failed::reason)
            .orElse(failed.type().wireName());
    return MailText.asciiOnly(MailText.oneLine(why, TEXT_CHARS_MAX + 100));
  }

  /** RFC 3464 section 2: one group for the message, one for the recipient. */
  private String status() {
    StringBuilder fields = new StringBuilder(512);
    field(fields, "Reporting-MTA", "dns; " + host);
    field(fields, "Original-Envelope-Id", facts.id());
    field(fields, "Arrival-Date", MailText.date(facts.submittedAt()));
    fields.append("\r\n");
    field(fields, "Final-Recipient", MailText.typed(failed.recipient()));
    field(fields, "Action", "failed");
    field(fields, "Status", statusCode());
    failed
        .reply()
        .filter(reply -> reply.code() > 0)
        .ifPresent(reply -> {
          field(fields, "Diagnostic-Code", "smtp; " + line(reply));
          field(fields, "Last-Attempt-Date", MailText.date(failed.at()));
        });
    return fields.toString();
  }

  private String statusCode() {
    if (failed.type() == OutcomeType.EXPIRED) {
      return EXPIRED_STATUS;
    }
    return failed
        .reply()
        .flatMap(SmtpReply::enhanced)
        .filter(code -> code.startsWith("5."))
        .orElse(UNDEFINED_STATUS);
  }

  private static String line(SmtpReply reply) {
    String said = reply.code() + reply.enhanced().map(code -> " " + code).orElse("");
    String text = said + " " + reply.text();
    return MailText.asciiOnly(MailText.oneLine(text, TEXT_CHARS_MAX + said.length()));
  }

  private static void field(StringBuilder fields, String name, String value) {
    fields.append(name).append(": ").append(value).append("\r\n");
  }

  private static String base64(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return Base64.getMimeEncoder().encodeToString(utf8) + "\r\n";
  }
}
