package io.tandemmail.model.submission;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.model.submission.SubmissionReader.Invalid;
import io.tandemmail.model.submission.SubmissionReader.Limits;
import io.tandemmail.model.submission.SubmissionReader.Valid;
import io.tandemmail.model.wire.Headers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** No text of a submission can end a line, name a field that is not the submitter's, or pass for a type it is not. */
class InjectionTest {
  /** Every field that ends up in a header line, with the place for hostile text. */
  private static final Map<String, String> FIELDS =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("from", "\"from\":\"A%s <a@example.com>\""),
              Map.entry("to[0]", "\"to\":[\"A%s <b@example.com>\"]"),
              Map.entry("cc[0]", "\"cc\":[\"\\\"A%s\\\" <b@example.com>\"]"),
              Map.entry("bcc[0]", "\"bcc\":[\"A%s <b@example.com>\"]"),
              Map.entry("replyTo", "\"replyTo\":\"A%s <b@example.com>\""),
              Map.entry("subject", "\"subject\":\"A%s\""),
              Map.entry("headers.X-A", "\"headers\":{\"X-A\":\"A%s\"}"),
              Map.entry("headers.X-A?", "\"headers\":{\"X-A%sX\":\"b\"}"),
              Map.entry("attachments[0].filename", attachment("\"filename\":\"a%s.pdf\"")),
              Map.entry("attachments[0].contentType", attachment("\"contentType\":\"a/b%s\"")),
              Map.entry("attachments[0].contentId", attachment("\"contentId\":\"a%s\"")),
              Map.entry("attachments[0].content", "\"attachments\":[{\"content\":\"AA%s\"}]"),
              Map.entry("envelope.mailFrom", "\"envelope\":{\"mailFrom\":\"a%s@example.com\"}"),
              Map.entry("envelope.rcptTo[0]", "\"envelope\":{\"rcptTo\":[\"a%s@example.com\"]}")));

  @ParameterizedTest
  @ValueSource(
      strings = {"\\r\\n", "\\n", "\\r", "\\u0000", "\\u001b", "\\u007f", "\\u0085", "\\t"})
  void noFieldTakesAControlCharacter(String hostile) {
    FIELDS.forEach((field, json) ->
        assertThat(problems(json.formatted(hostile)))
            .as("%s with %s", field, hostile)
            .anySatisfy(problem -> {
              assertThat(problem.field()).startsWith(field);
              assertThat(problem.problem()).isNotEmpty();
              assertThat(problem.remedy()).isNotEmpty();
            }));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "From",
        "to",
        "CC",
        "Bcc",
        "Subject",
        "Reply-To",
        "Date",
        "Message-ID",
        "MIME-Version",
        "Content-Type",
        "content-transfer-encoding",
        "Return-Path",
        "Received",
        "DKIM-Signature",
        "ARC-Seal",
        "Authentication-Results",
        "Delivered-To",
        "X-A:",
        "X A",
        "",
        "Ä",
        "X-A-name-of-a-header-field-that-is-longer-than-there-is-room-for-in-a-line"
      })
  void theseHeaderFieldsAreNotTheSubmitters(String name) {
    assertThat(problems("\"headers\":{\"" + name + "\":\"x\"}"))
        .extracting(FieldProblem::field)
        .contains("headers." + name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-Campaign",
        "List-Unsubscribe",
        "Feedback-ID",
        "In-Reply-To",
        "Sender",
        "Auto-Submitted",
        "Precedence"
      })
  void theseAre(String name) {
    assertThat(problems("\"headers\":{\"" + name + "\":\"x\"}")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "application/pdf | yes",
        "text/csv; charset=utf-8; header=present | yes",
        "image/svg+xml | yes",
        "text/plain; name=\"a b.txt\" | yes",
        "pdf | no",
        "multipart/mixed; boundary=x | no",
        "message/rfc822 | no",
        "a/b; | no",
        "a/b; c=d e | no",
        "application/ä | no"
      })
  void anAttachmentsTypeIsAMediaTypeThatMayBeBase64(String type, String legal) {
    String json = attachment("\"contentType\":\"" + type.replace("\"", "\\\"") + "\"");

    assertThat(problems(json).isEmpty()).isEqualTo(legal.equals("yes"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"from\":\"\" | from",
        "\"envelope\":{\"mailFrom\":\"\"} | from",
        "\"to\":[\"not an address\"],\"envelope\":{\"rcptTo\":[\"c@example.com\"]} | to[0]",
        "\"replyTo\":\"a@example.com, b@example.com\" | replyTo"
      })
  void whatReadersSeeIsAnAddressEvenWhereAnEnvelopeIsGiven(String json, String field) {
    assertThat(problems(json)).extracting(FieldProblem::field).contains(field);
  }

  private static String attachment(String member) {
    return "\"attachments\":[{\"content\":\"QQ==\"," + member + "}]";
  }

  /** Of a submission that is good but for the members given, which replace its own. */
  private static List<FieldProblem> problems(String members) {
    StringBuilder json = new StringBuilder("{\"text\":\"x\",").append(members);
    if (!members.contains("\"from\"") && !members.contains("\"mailFrom\":\"\"")) {
      json.append(",\"from\":\"a@example.com\"");
    }
    if (!members.contains("\"to\"")) {
      json.append(",\"to\":[\"b@example.com\"]");
    }
    SubmissionReader reader = new SubmissionReader(Limits.of(1 << 20), Set.of("default"));
    byte[] value = json.append('}').toString().getBytes(StandardCharsets.UTF_8);
    Instant now = Instant.parse("2026-11-24T10:00:00Z");
    return switch (reader.read(new Submitted(Optional.of("k"), Headers.NONE, value, 0, 0, now))) {
      case Valid valid -> List.of();
      case Invalid invalid -> invalid.problems();
    };
  }
}
