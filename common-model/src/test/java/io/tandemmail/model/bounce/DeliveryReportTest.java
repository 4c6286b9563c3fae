package io.tandemmail.model.bounce;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.model.bounce.DeliveryReport.Submission;
import io.tandemmail.model.outcome.Outcome;
import io.tandemmail.model.outcome.Outcome.SmtpReply;
import io.tandemmail.model.outcome.OutcomeType;
import io.tandemmail.model.submission.ContentType;
import io.tandemmail.model.submission.Envelope;
import io.tandemmail.model.submission.MessageFacts;
import io.tandemmail.model.submission.SubmissionReader;
import io.tandemmail.model.submission.Submitted;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DeliveryReportTest {
  private static final Instant SUBMITTED = Instant.parse("2026-11-24T10:00:00Z");
  private static final String JSON =
      "{\"from\":\"Shop <shop@example.com>\",\"to\":[\"Ann <ann@example.net>\"],\"bcc\":[\"secret@example.net\"],\"subject\":\"Grüße €\"}";

  @Test
  void aReportIsAValidSubmissionFromTheNullReversePath() {
    Submission report = report(facts(ContentType.JSON, "shop@example.com"), JSON, bounced("no"));

    SubmissionReader reader =
        new SubmissionReader(SubmissionReader.Limits.of(1 << 20), Set.of("default"));
    Submitted submitted =
        new Submitted(Optional.of(report.id()), report.headers(), report.value(), 0, 0, SUBMITTED);
    assertThat(reader.read(submitted))
        .isInstanceOfSatisfying(
            SubmissionReader.Valid.class,
            valid -> {
              assertThat(valid.facts().id()).isEqualTo(report.id()).startsWith("dsn-");
              assertThat(valid.facts().envelope())
                  .isEqualTo(new Envelope("", List.of("shop@example.com")));
            });
  }

  @Test
  void theSameFailureHasTheSameIdAndAnotherRecipientAnother() {
    MessageFacts facts = facts(ContentType.JSON, "shop@example.com");
    Outcome again =
        outcome(OutcomeType.BOUNCED, "ann@example.net", Optional.of(reply("other words")));

    assertThat(report(facts, JSON, again).id())
        .isEqualTo(report(facts.withAttempt(3), JSON, bounced("no")).id());
    assertThat(
            report(
                    facts,
                    JSON,
                    outcome(OutcomeType.BOUNCED, "bob@example.net", Optional.of(reply("no"))))
                .id())
        .isNotEqualTo(report(facts, JSON, again).id());
  }

  @Test
  void nobodyIsToldAboutAReportOrWhereThereIsNobodyToTell() {
    String own = text(report(facts(ContentType.JSON, "a@example.com"), JSON, bounced("no")));

    assertThat(of(facts(ContentType.JSON, ""), JSON, bounced("no"))).isEmpty();
    assertThat(of(facts(ContentType.RFC822, "a@example.com"), own, bounced("no"))).isEmpty();
    assertThat(
            of(
                facts(ContentType.RFC822, "a@example.com"),
                "Subject: about Content-Type: multipart/report\r\n\r\nContent-Type: multipart/report; report-type=delivery-status\r\n",
                bounced("no")))
        .isPresent();
  }

  @Test
  void hostileTextAddsNoFieldAndNoPart() {
    String hostile = "no\r\n--=_dsn\r\nX-Evil: 1\u0085\u2028 ünreadable";
    Submission report = report(facts(ContentType.JSON, "a@example.com"), JSON, bounced(hostile));

    assertThat(text(report)).doesNotContain("\r\nX-Evil").doesNotContain("\r\n--=_dsn\r\n");
    assertThat(text(report).chars()).allMatch(c -> c < 0x7f);
    assertThat(text(report).replace("\r\n", "")).doesNotContain("\r").doesNotContain("\n");
  }

  @Test
  void theSenderKnowsTheMessageAgainAndBlindCopiesStayBlind() {
    String report = text(report(facts(ContentType.JSON, "b@example.com"), JSON, bounced("no")));

    assertThat(report)
        .contains("Message-ID: " + MessageId.of("m1", SUBMITTED, "shop@example.com") + "\r\n")
        .contains("To: ann@example.net\r\n")
        .contains("Subject: =?UTF-8?B?R3LDvMOfZSDigqw=?=\r\n")
        .doesNotContain("secret");
  }

  @Test
  void aGiantHeaderSectionIsCutAtALineAndTheBodyIsNotGivenBack() {
    String giant = "From: a@example.com\r\n" + "X-Long: value\r\n".repeat(5_000) + "\r\nsecret\r\n";
    String report = text(report(facts(ContentType.RFC822, "b@example.com"), giant, bounced("no")));

    assertThat(report.length()).isLessThan(OriginalHeaders.CHARS_MAX + 3_000);
    assertThat(report).contains("X-Long: value\r\n\r\n--=_dsn-").doesNotContain("secret");
  }

  @Test
  void anInternationalAddressIsNotPassedOffAsAPlainOne() {
    Outcome failed = outcome(OutcomeType.BOUNCED, "j+ö@example.net", Optional.of(reply("no")));
    String report = text(report(facts(ContentType.JSON, "b@example.com"), JSON, failed));

    assertThat(report).contains("Final-Recipient: utf-8; j\\x{2B}\\x{F6}@example.net\r\n");
    assertThat(report).contains("Content-Transfer-Encoding: base64\r\n");
    assertThat(report.chars()).allMatch(c -> c < 0x7f);
  }

  @Test
  void whatExpiredSaysSo() {
    Outcome expired = outcome(OutcomeType.EXPIRED, "ann@example.net", Optional.empty());

    assertThat(text(report(facts(ContentType.JSON, "b@example.com"), JSON, expired)))
        .contains("Status: 4.4.7\r\n", "not delivered within its time")
        .doesNotContain("Diagnostic-Code");
  }

  private static Submission report(MessageFacts facts, String value, Outcome failed) {
    return of(facts, value, failed).orElseThrow();
  }

  private static Optional<Submission> of(MessageFacts facts, String value, Outcome failed) {
    return DeliveryReport.of(
            facts, value.getBytes(StandardCharsets.UTF_8), List.of(failed), "mx.example")
        .stream()
        .findFirst();
  }

  private static String text(Submission report) {
    return new String(report.value(), StandardCharsets.UTF_8);
  }

  private static Outcome bounced(String text) {
    return outcome(OutcomeType.BOUNCED, "ann@example.net", Optional.of(reply(text)));
  }

  private static SmtpReply reply(String text) {
    return new SmtpReply("rcpt", 550, Optional.of("5.1.1"), text);
  }

  private static Outcome outcome(OutcomeType type, String recipient, Optional<SmtpReply> reply) {
    return new Outcome(
        "m1",
        "default",
        recipient,
        type,
        1,
        Optional.empty(),
        reply,
        reply.isPresent() ? Optional.empty() : Optional.of("not delivered within its time"),
        SUBMITTED.plusSeconds(5),
        SUBMITTED,
        Optional.empty());
  }

  private static MessageFacts facts(ContentType type, String reversePath) {
    return new MessageFacts(
        "m1",
        "default",
        new Envelope(reversePath, List.of("ann@example.net")),
        type,
        SUBMITTED,
        Optional.empty(),
        Optional.empty(),
        0,
        0,
        Optional.empty());
  }
}
