package io.tandemmail.model.submission;

import io.tandemmail.model.submission.SubmissionFields.Read;
import io.tandemmail.model.wire.HeaderNames;
import io.tandemmail.model.wire.Headers;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A submission that is the message itself. It will be sent exactly as it stands, so what no SMTP server may be given is
 * refused here: bare CR or LF (RFC 5321 section 2.3.8; the stuff of smuggling), NUL (RFC 5322 section 4) and lines over
 * 998 octets (RFC 5322 section 2.1.1). Nothing is repaired: a converted message would not be the submitted one, and its
 * signatures would not verify.
 */
final class Rfc822Submission {
  private static final int LINE_OCTETS_MAX = 998;

  private Rfc822Submission() {}

  static SubmissionFields read(Submitted submitted, List<FieldProblem> problems) {
    checkLines(submitted.value(), problems);
    checkHeaderSection(submitted.value(), problems);
    Headers headers = submitted.headers();
    List<Read> recipients = new ArrayList<>();
    for (String recipient : headers.every(HeaderNames.RCPT_TO)) {
      recipients.add(
          new Read(HeaderNames.RCPT_TO + "[" + recipients.size() + "]", unbracketed(recipient)));
    }
    return new SubmissionFields(
        headers.last(HeaderNames.ID),
        headers.last(HeaderNames.ROUTE),
        headers.last(HeaderNames.MAIL_FROM).map(Rfc822Submission::unbracketed),
        HeaderNames.MAIL_FROM,
        recipients,
        headers.last(HeaderNames.SEND_AT),
        headers.last(HeaderNames.EXPIRES_AT),
        Optional.empty());
  }

  private static String unbracketed(String path) {
    return path.startsWith("<") && path.endsWith(">") ? path.substring(1, path.length() - 1) : path;
  }

  /** One pass over every byte of every message, at ingest and again in the router: most bytes cost one comparison. */
  private static void checkLines(byte[] message, List<FieldProblem> problems) {
    int lineStart = 0;
    int line = 1;
    int i = 0;
    while (i < message.length) {
      int b = message[i] & 0xff;
      if (b > '\r' || b != '\r' && b != '\n' && b != 0) {
        i++;
        continue;
      }
      boolean lineEnd = b == '\r' && i + 1 < message.length && message[i + 1] == '\n';
      if (!lineEnd) {
        problems.add(illegal(b, i, line));
        return;
      }
      if (i - lineStart > LINE_OCTETS_MAX) {
        problems.add(longLine(line, i - lineStart));
        return;
      }
      i += 2;
      lineStart = i;
      line++;
    }
    if (message.length - lineStart > LINE_OCTETS_MAX) {
      problems.add(longLine(line, message.length - lineStart));
    }
  }

  private static FieldProblem illegal(int octet, int offset, int line) {
    String where = " at byte " + offset + ", in line " + line;
    return switch (octet) {
      case '\n' ->
          new FieldProblem(
              "value",
              "has a bare LF without CR" + where,
              "end every line with CR LF, as tandem send and sed 's/$/\\r/' do");
      case '\r' ->
          new FieldProblem(
              "value", "has a bare CR without LF" + where, "end every line with CR LF");
      default ->
          new FieldProblem(
              "value", "has a NUL" + where, "encode the body as quoted-printable or base64");
    };
  }

  private static FieldProblem longLine(int line, int octets) {
    String problem =
        "has " + octets + " octets in line " + line + ", the limit is " + LINE_OCTETS_MAX;
    return new FieldProblem("value", problem, "encode the body as quoted-printable or base64");
  }

  private static void checkHeaderSection(byte[] message, List<FieldProblem> problems) {
    int i = 0;
    while (i < message.length && message[i] > ' ' && message[i] < 0x7f && message[i] != ':') {
      i++;
    }
    if (i == 0 || i == message.length || message[i] != ':') {
      problems.add(
          new FieldProblem(
              "value",
              "does not begin with a header field",
              "submit an RFC 5322 message: From: …"));
    }
  }
}
