package io.tandemmail.standalone.sendmail;

import io.tandemmail.model.address.Mailbox;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A message as programs pipe it to sendmail: Unix line ends become CR LF, nothing else is touched.
 *
 * @param content with CR LF line ends
 * @param fields of the header section, unfolded
 */
public record StandardInputMessage(byte[] content, List<Field> fields) {
  /** @param start and {@code end}: its bytes in the content */
  public record Field(String name, String value, int start, int end) {}

  public static StandardInputMessage of(byte[] input) {
    byte[] content = withCrLf(input);
    return new StandardInputMessage(content, fields(content));
  }

  public String fromAddress() {
    return fields.stream()
        .filter(field -> field.name.equals("from"))
        .map(field -> Mailbox.bareAddress(field.value))
        .findFirst()
        .orElse("");
  }

  /** Addresses of To, Cc and Bcc. */
  public List<String> fieldRecipients() {
    List<String> recipients = new ArrayList<>();
    for (Field field : fields) {
      if (field.name.equals("to") || field.name.equals("cc") || field.name.equals("bcc")) {
        mailboxes(field.value).forEach(mailbox -> recipients.add(Mailbox.bareAddress(mailbox)));
      }
    }
    return recipients;
  }

  public byte[] withoutBcc() {
    ByteArrayOutputStream kept = new ByteArrayOutputStream(content.length);
    int from = 0;
    for (Field field : fields) {
      if (field.name.equals("bcc")) {
        kept.write(content, from, field.start - from);
        from = field.end;
      }
    }
    kept.write(content, from, content.length - from);
    return kept.toByteArray();
  }

  /** Splits at commas outside quotes and angle brackets. */
  private static List<String> mailboxes(String value) {
    List<String> mailboxes = new ArrayList<>();
    boolean quoted = false;
    int start = 0;
    for (int i = 0; i <= value.length(); i++) {
      char c = i < value.length() ? value.charAt(i) : ',';
      if (c == '"' && (i == 0 || value.charAt(i - 1) != '\\')) {
        quoted = !quoted;
      } else if (c == ',' && (!quoted || i == value.length())) {
        String mailbox = value.substring(start, i).strip();
        if (!mailbox.isEmpty()) {
          mailboxes.add(mailbox);
        }
        start = i + 1;
      }
    }
    return mailboxes;
  }

  private static byte[] withCrLf(byte[] input) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(input.length + input.length / 20);
    byte before = 0;
    for (byte b : input) {
      if (b == '\n' && before != '\r') {
        out.write('\r');
      }
      out.write(b);
      before = b;
    }
    return out.toByteArray();
  }

  private static List<Field> fields(byte[] content) {
    List<Field> fields = new ArrayList<>();
    int start = 0;
    while (start < content.length && content[start] != '\r') {
      int end = endOfField(content, start);
      String text = new String(content, start, end - start, StandardCharsets.UTF_8);
      int colon = text.indexOf(':');
      if (colon > 0) {
        String value = text.substring(colon + 1).replace("\r\n", "").strip();
        fields.add(
            new Field(
                text.substring(0, colon).strip().toLowerCase(Locale.ROOT), value, start, end));
      }
      start = end;
    }
    return fields;
  }

  /** A field goes on over lines that begin with a space or tab (RFC 5322 section 2.2.3). */
  private static int endOfField(byte[] content, int start) {
    for (int i = start; i < content.length; i++) {
      boolean lineEnd = content[i] == '\n';
      boolean folded = i + 1 < content.length && (content[i + 1] == ' ' || content[i + 1] == '\t');
      if (lineEnd && !folded) {
        return i + 1;
      }
    }
    return content.length;
  }
}
