package io.tandemmail.worker.compose;

import static java.time.temporal.ChronoField.DAY_OF_MONTH;
import static java.time.temporal.ChronoField.DAY_OF_WEEK;
import static java.time.temporal.ChronoField.HOUR_OF_DAY;
import static java.time.temporal.ChronoField.MINUTE_OF_HOUR;
import static java.time.temporal.ChronoField.MONTH_OF_YEAR;
import static java.time.temporal.ChronoField.SECOND_OF_MINUTE;
import static java.time.temporal.ChronoField.YEAR;

import io.tandemmail.model.address.Mailbox;
import io.tandemmail.model.bounce.MessageId;
import io.tandemmail.model.settings.RouteSettings.OwedHeaders;
import io.tandemmail.model.submission.MessageFacts;
import io.tandemmail.worker.compose.HeaderText.EncodedLooks;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Composes one message; see the package comment for what never varies. */
public final class MimeComposer {
  /** RFC 5322 section 3.3, with names of its own: those of a locale change with the JDK's data. */
  private static final DateTimeFormatter DATE =
      new DateTimeFormatterBuilder()
          .appendText(
              DAY_OF_WEEK,
              Map.of(1L, "Mon", 2L, "Tue", 3L, "Wed", 4L, "Thu", 5L, "Fri", 6L, "Sat", 7L, "Sun"))
          .appendLiteral(", ")
          .appendValue(DAY_OF_MONTH)
          .appendLiteral(' ')
          .appendText(MONTH_OF_YEAR, months())
          .appendLiteral(' ')
          .appendValue(YEAR, 4)
          .appendLiteral(' ')
          .appendValue(HOUR_OF_DAY, 2)
          .appendLiteral(':')
          .appendValue(MINUTE_OF_HOUR, 2)
          .appendLiteral(':')
          .appendValue(SECOND_OF_MINUTE, 2)
          .appendLiteral(" +0000")
          .toFormatter(Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private static final int NAME_HEX_DIGITS = 32;

  private MimeComposer() {}

  /**
   * @param submission JSON as in docs/contract.md, "A submission"
   * @param facts id and time of submission name the message; the reverse-path stands in for a missing {@code from}
   * @param owed what the message's route adds
   * @return the message, lines ended by CR LF
   */
  public static byte[] compose(byte[] submission, MessageFacts facts, OwedHeaders owed)
      throws ComposeException {
    try {
      Draft draft = Draft.read(submission);
      // Base64 grows by its line ends, quoted-printable by a few characters a line.
      MimeBuffer out = new MimeBuffer(submission.length + submission.length / 16 + 1024);
      String name = name(facts.id(), facts.submittedAt());
      fields(out, draft, facts);
      OwedFields.write(out, owed, draft, facts);
      MimePart.of(draft, "=_" + name + "_").write(out);
      return (out.endsInLine() ? out.crlf() : out).toByteArray();
    } catch (IOException | IllegalArgumentException e) {
      throw new ComposeException("cannot compose: " + e.getMessage(), e);
    }
  }

  private static void fields(MimeBuffer out, Draft draft, MessageFacts facts) {
    String from = draft.from().orElse(facts.envelope().reversePath());
    String messageId = MessageId.of(facts.id(), facts.submittedAt(), Mailbox.bareAddress(from));
    new HeaderLine(out, "Message-ID").token(" ", messageId).end();
    new HeaderLine(out, "Date").token(" ", DATE.format(facts.submittedAt())).end();
    mailboxes(out, "From", List.of(from));
    if (draft.to().isEmpty() && draft.cc().isEmpty()) {
      new HeaderLine(out, "To").token(" ", "undisclosed-recipients:;").end();
    }
    mailboxes(out, "To", draft.to());
    mailboxes(out, "Cc", draft.cc());
    draft.replyTo().ifPresent(mailbox -> mailboxes(out, "Reply-To", List.of(mailbox)));
    draft
        .subject()
        .ifPresent(subject -> {
          HeaderLine line = new HeaderLine(out, "Subject");
          HeaderText.write(line, subject, EncodedLooks.LITERAL);
          line.end();
        });
    for (Draft.Field field : draft.fields()) {
      HeaderLine line = new HeaderLine(out, field.name());
      HeaderText.write(line, field.body(), EncodedLooks.MEANT);
      line.end();
    }
    new HeaderLine(out, "MIME-Version").token(" ", "1.0").end();
  }

  private static void mailboxes(MimeBuffer out, String name, List<String> mailboxes) {
    if (mailboxes.isEmpty()) {
      return;
    }
    HeaderLine line = new HeaderLine(out, name);
    for (int i = 0; i < mailboxes.size(); i++) {
      HeaderText.mailbox(line, mailboxes.get(i), i + 1 < mailboxes.size() ? "," : "");
    }
    line.end();
  }

  /** The time takes part: an id that is used again after a day names another message. */
  private static String name(String id, Instant submittedAt) {
    try {
      String named = id + "\n" + submittedAt;
      byte[] sha256 =
          MessageDigest.getInstance("SHA-256").digest(named.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(sha256).substring(0, NAME_HEX_DIGITS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static Map<Long, String> months() {
    String[] names = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
    Map<Long, String> months = new HashMap<>();
    for (int i = 0; i < names.length; i++) {
      months.put(i + 1L, names[i]);
    }
    return months;
  }
}
