package io.tandemmail.model.bounce;

import com.fasterxml.jackson.databind.JsonNode;
import io.tandemmail.model.address.Mailbox;
import io.tandemmail.model.json.Json;
import io.tandemmail.model.submission.ContentType;
import io.tandemmail.model.submission.MessageFacts;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The header section that a report gives back: of a message submitted as such, its own; of a JSON submission, the fields by
 * which its sender knows it again. Seven-bit and bounded, whatever the submission is: a report that its sender's server
 * refuses tells nobody anything.
 */
final class OriginalHeaders {
  static final int CHARS_MAX = 8 << 10;

  private static final int FIELD_CHARS_MAX = 900;
  private static final Pattern REPORT =
      Pattern.compile(
          "(?:^|\r\n)content-type:\\s*multipart/report\\b[^\r]*(?:\r\n[ \t][^\r]*)*",
          Pattern.CASE_INSENSITIVE);

  private OriginalHeaders() {}

  /** Lines ended by CR LF, without the empty one. */
  static String of(MessageFacts facts, byte[] value) {
    return switch (facts.contentType()) {
      case RFC822 -> headerSection(value);
      case JSON -> cut(ofJson(facts, value));
    };
  }

  /** True for a delivery status notification: a report about a report would go round for ever. */
  static boolean isReport(MessageFacts facts, byte[] value) {
    return facts.contentType() == ContentType.RFC822
        && REPORT
            .matcher(headerSection(value))
            .results()
            .anyMatch(field -> field.group().toLowerCase(Locale.ROOT).contains("delivery-status"));
  }

  private static String headerSection(byte[] message) {
    int length = Math.min(message.length, CHARS_MAX + 1);
    String beginning = ascii(new String(message, 0, length, StandardCharsets.ISO_8859_1));
    if (beginning.startsWith("\r\n")) {
      return "";
    }
    int end = beginning.indexOf("\r\n\r\n");
    return end < 0 ? cut(beginning) : beginning.substring(0, end + 2);
  }

  private static String ofJson(MessageFacts facts, byte[] value) {
    StringBuilder fields = new StringBuilder(512);
    JsonNode json = Json.tree(value).orElse(null);
    String from = facts.envelope().reversePath();
    if (json != null) {
      from = Mailbox.bareAddress(json.path("from").asText(from));
    }
    field(fields, "Message-ID", MessageId.of(facts.id(), facts.submittedAt(), from));
    field(fields, "Date", MailText.date(facts.submittedAt()));
    field(fields, "From", from);
    if (json != null) {
      addresses(fields, "To", json.path("to"));
      addresses(fields, "Cc", json.path("cc"));
      if (json.hasNonNull("subject")) {
        String subject = MailText.oneLine(json.path("subject").asText(), FIELD_CHARS_MAX);
        fields.append("Subject: ").append(MailText.encoded(subject)).append("\r\n");
      }
    }
    return fields.toString();
  }

  private static void addresses(StringBuilder fields, String name, JsonNode mailboxes) {
    for (int i = 0; i < mailboxes.size() && fields.length() < CHARS_MAX; i++) {
      fields.append(i == 0 ? name + ":" : ",\r\n");
      fields.append(' ').append(line(Mailbox.bareAddress(mailboxes.path(i).asText())));
    }
    if (!mailboxes.isEmpty()) {
      fields.append("\r\n");
    }
  }

  private static void field(StringBuilder fields, String name, String value) {
    fields.append(name).append(": ").append(line(value)).append("\r\n");
  }

  private static String line(String value) {
    return ascii(MailText.oneLine(value, FIELD_CHARS_MAX));
  }

  /** At the last line end that fits, so that no field is torn in the middle of a line. */
  private static String cut(String fields) {
    int lineEnd = fields.lastIndexOf("\r\n", CHARS_MAX - 2);
    return lineEnd < 0 ? "" : fields.substring(0, lineEnd + 2);
  }

  private static String ascii(String text) {
    return text.replaceAll("[^\\t\\r\\n\\x20-\\x7e]", "?");
  }
}
