package io.tandemmail.model.submission;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.model.submission.SubmissionReader.Invalid;
import io.tandemmail.model.submission.SubmissionReader.Limits;
import io.tandemmail.model.submission.SubmissionReader.Valid;
import io.tandemmail.model.wire.HeaderNames;
import io.tandemmail.model.wire.Headers;
import io.tandemmail.model.wire.Headers.Header;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SubmissionReaderTest {
  private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");
  private final SubmissionReader reader =
      new SubmissionReader(Limits.of(1 << 20), Set.of("default", "marketing"));

  @Test
  void jsonGivesTheEnvelopeOfItsVisibleRecipients() {
    MessageFacts facts =
        valid(
            """
            {"id":"receipt-1017","from":"Shop <shop@example.com>","to":["Ann <ann@example.net>"],"cc":["\\"B, C\\" <bc@example.net>"],
             "bcc":["dan@example.net"],"subject":"Your order","text":"Thanks","metadata":{"order":"1017"}}\
            """);

    assertThat(facts.id()).isEqualTo("receipt-1017");
    assertThat(facts.route()).isEqualTo("default");
    assertThat(facts.envelope().reversePath()).isEqualTo("shop@example.com");
    assertThat(facts.envelope().forwardPaths())
        .containsExactly("ann@example.net", "bc@example.net", "dan@example.net");
    assertThat(facts.metadata()).contains("{\"order\":\"1017\"}");
  }

  @Test
  void anExplicitEnvelopeOverridesTheVisibleOne() {
    MessageFacts facts =
        valid(
            """
            {"from":"a@example.com","to":["b@example.com"],"text":"x","envelope":{"mailFrom":"","rcptTo":["c@example.com"]}}\
            """);

    assertThat(facts.envelope()).isEqualTo(new Envelope("", List.of("c@example.com")));
  }

  @Test
  void everyProblemIsNamedAtOnce() {
    List<FieldProblem> problems =
        invalid(
            """
            {"form":"a@example.com","to":["not an address","b@example.com\\r\\nRCPT TO:<x@y.zz>"],"sendAt":"tomorrow",
             "headers":{"X-A":"b\\r\\nBcc: c@d.ee","From":"x"},"route":"nowhere","attachments":[{"filename":"a"}]}\
            """);

    assertThat(problems)
        .extracting(FieldProblem::field)
        .contains(
            "form",
            "to[0]",
            "to[1]",
            "sendAt",
            "headers.X-A",
            "headers.From",
            "route",
            "attachments[0].content",
            "from");
    assertThat(
            problems.stream()
                .filter(p -> p.field().equals("form"))
                .findFirst()
                .orElseThrow()
                .remedy())
        .contains("from");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"from\":\"a@example.com\",\"to\":[],\"text\":\"x\"} | to",
        "{\"from\":\"a@example.com\",\"to\":[\"b@example.com\"]} | text",
        "{\"to\":[\"b@example.com\"],\"text\":\"x\"} | from",
        "{\"from\":\"a@example.com\",\"to\":[\"b@example.com\"],\"text\":\"x\",\"expiresAt\":\"2020-01-01T00:00:00Z\"} | expiresAt",
        "{\"from\":\"a@example.com\",\"to\":[\"b@example.com\"],\"text\":\"x\",\"id\":\"has space\"} | id",
        "{\"from\":\"a@example.com\",\"to\":[\"b@example.com\"],\"text\":1} | text",
        "{\"from\":\"a@example.com\",\"to\":[\"b@example.com\"],\"text\":\"x\",\"metadata\":{\"a\":1}} | metadata.a",
        "{\"from\":\"a@example.com\",\"to\":[\"b@example.com\"],\"attachments\":[{\"content\":\"%%\"}]} | attachments[0].content",
        "{\"from\":\"a@example.com\",\"from\":\"b@example.com\"} | value",
        "{\"from\": | value",
        "[] | value"
      })
  void aFaultIsBlamedOnItsField(String json, String field) {
    assertThat(invalid(json)).extracting(FieldProblem::field).contains(field);
  }

  @Test
  void theIdIsTheBodysElseTheKeysElseDerivedFromWhereItStands() {
    String body = "{\"from\":\"a@example.com\",\"to\":[\"b@example.com\"],\"text\":\"x\"}";

    assertThat(read(Optional.of("key-1"), Headers.NONE, body))
        .isInstanceOfSatisfying(Valid.class, v -> assertThat(v.facts().id()).isEqualTo("key-1"));
    assertThat(read(Optional.empty(), Headers.NONE, body))
        .isInstanceOfSatisfying(
            Valid.class, v -> assertThat(v.facts().id()).isEqualTo("submitted-3-41"));
    assertThat(read(Optional.of("other"), Headers.NONE, body.replace("{", "{\"id\":\"mine\",")))
        .isInstanceOfSatisfying(
            Invalid.class,
            i -> assertThat(i.problems()).extracting(FieldProblem::field).contains("id"));
  }

  @Test
  void rfc822TakesItsEnvelopeFromHeadersAndItsBytesAsTheyAre() {
    SubmissionReader.Admission admission =
        read(Optional.of("m1"), envelope("ann@example.net"), "Subject: x\r\n\r\nHello\r\n");

    assertThat(admission)
        .isInstanceOfSatisfying(
            Valid.class,
            v -> {
              assertThat(v.facts().contentType()).isEqualTo(ContentType.RFC822);
              assertThat(v.facts().envelope())
                  .isEqualTo(new Envelope("b@example.com", List.of("ann@example.net")));
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Subject: x\n\nbare lf",
        "Subject: x\r\n\r\na\rb\r\n",
        "Subject: x\r\n\r\n.\n",
        "no header section",
        "Subject: x\r\n\r\nends in cr\r"
      })
  void rfc822WithBareLineEndsOrNoHeaderIsRefused(String message) {
    assertThat(read(Optional.of("m1"), envelope("ann@example.net"), message))
        .isInstanceOf(Invalid.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Subject: x\\n\\nbare lf | bare LF without CR at byte 10, in line 1",
        "Subject: x\\r\\n\\r\\nab\\rc\\r\\n | bare CR without LF at byte 16, in line 3",
        "Subject: x\\r\\n\\r\\n.\\n.\\r\\n | bare LF without CR at byte 15, in line 3",
        "Subject: x\\r\\n\\r\\na\\0b\\r\\n | NUL at byte 15, in line 3",
        "Subject: x\\r\\n\\r\\nends in cr\\r | bare CR without LF at byte 24, in line 3"
      })
  void rfc822FaultsAreNamedWithTheirPlace(String escaped, String where) {
    String message = escaped.replace("\\r", "\r").replace("\\n", "\n").replace("\\0", "\0");

    assertThat(read(Optional.of("m1"), envelope("ann@example.net"), message))
        .isInstanceOfSatisfying(
            Invalid.class,
            invalid ->
                assertThat(invalid.problems())
                    .singleElement()
                    .satisfies(problem -> {
                      assertThat(problem.problem()).contains(where);
                      assertThat(problem.remedy()).isNotEmpty();
                    }));
  }

  @Test
  void rfc822MayHoldAnyOtherOctet() {
    byte[] head = "Subject: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    byte[] message = Arrays.copyOf(head, head.length + 256);
    for (int octet = 1; octet < 256; octet++) {
      boolean lineEnd = octet == '\r' || octet == '\n';
      message[head.length + octet] = (byte) (lineEnd ? ' ' : octet);
    }
    message[head.length] = ' ';

    assertThat(
            reader.read(
                new Submitted(Optional.of("m"), envelope("ann@example.net"), message, 3, 41, NOW)))
        .isInstanceOf(Valid.class);
  }

  @Test
  void linesOver998OctetsAreRefused() {
    assertThat(
            read(
                Optional.of("m"),
                envelope("a@example.net"),
                "Subject: x\r\n\r\n" + "a".repeat(998) + "\r\n"))
        .isInstanceOf(Valid.class);
    assertThat(
            read(
                Optional.of("m"),
                envelope("a@example.net"),
                "Subject: x\r\n\r\n" + "a".repeat(999) + "\r\n"))
        .isInstanceOf(Invalid.class);
  }

  @Test
  void poisonIsRefusedWithinBounds() {
    assertThat(invalid("[".repeat(1 << 20))).hasSize(1);
    StringBuilder many =
        new StringBuilder("{\"from\":\"a@example.com\",\"text\":\"x\",\"to\":[\"x@example.com\"");
    for (int i = 0; i < 40_000; i++) {
      many.append(",\"u").append(i).append("@example.com\"");
    }
    assertThat(invalid(many.append("]}").toString()))
        .extracting(FieldProblem::field)
        .containsExactly("to");
    assertThat(read(Optional.of("k"), Headers.NONE, "")).isInstanceOf(Invalid.class);
    assertThat(
            read(
                Optional.of("k"),
                new Headers(List.of(Header.of(HeaderNames.CONTENT_TYPE, "text/xml"))),
                "<a/>"))
        .isInstanceOf(Invalid.class);
    assertThat(read(Optional.of("k"), Headers.NONE, "x".repeat((1 << 20) + 1)))
        .isInstanceOf(Invalid.class);
  }

  @Test
  void recipientsThatReachTheSameMailboxAreOne() {
    assertThat(
            valid(
                    "{\"from\":\"a@example.com\",\"to\":[\"b@Example.com\",\"b@example.com\",\"B@example.com\"],\"text\":\"x\"}")
                .envelope()
                .forwardPaths())
        .containsExactly("b@Example.com", "B@example.com");
  }

  private static Headers envelope(String... recipients) {
    List<Header> headers =
        new ArrayList<>(
            List.of(
                Header.of(HeaderNames.CONTENT_TYPE, "message/rfc822"),
                Header.of(HeaderNames.MAIL_FROM, "b@example.com")));
    for (String recipient : recipients) {
      headers.add(Header.of(HeaderNames.RCPT_TO, recipient));
    }
    return new Headers(headers);
  }

  private MessageFacts valid(String json) {
    SubmissionReader.Admission admission = read(Optional.empty(), Headers.NONE, json);
    assertThat(admission).isInstanceOf(Valid.class);
    return ((Valid) admission).facts();
  }

  private List<FieldProblem> invalid(String json) {
    SubmissionReader.Admission admission = read(Optional.empty(), Headers.NONE, json);
    assertThat(admission).isInstanceOf(Invalid.class);
    return ((Invalid) admission).problems();
  }

  private SubmissionReader.Admission read(Optional<String> key, Headers headers, String value) {
    return reader.read(
        new Submitted(key, headers, value.getBytes(StandardCharsets.UTF_8), 3, 41, NOW));
  }
}
