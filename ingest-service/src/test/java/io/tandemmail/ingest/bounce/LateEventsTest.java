package io.tandemmail.ingest.bounce;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.ingest.bounce.IncomingReport.Clues;
import io.tandemmail.ingest.bounce.IncomingReport.Complaint;
import io.tandemmail.ingest.bounce.IncomingReport.Failures;
import io.tandemmail.model.bounce.DeliveryReport;
import io.tandemmail.model.bounce.MessageId;
import io.tandemmail.model.outcome.Outcome;
import io.tandemmail.model.outcome.Outcome.SmtpReply;
import io.tandemmail.model.outcome.OutcomeType;
import io.tandemmail.model.settings.RouteSettings.Bounces;
import io.tandemmail.model.settings.RouteSettings.Dsn;
import io.tandemmail.model.submission.ContentType;
import io.tandemmail.model.submission.Envelope;
import io.tandemmail.model.submission.MessageFacts;
import io.tandemmail.model.suppression.Suppression;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LateEventsTest {
  private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
  private static final Clues NO_CLUES = new Clues(Optional.empty(), Optional.empty(), List.of());
  private static final String ONE =
      """
      {"id":"receipt-1","route":"default","state":"delivered","submittedAt":"2026-11-24T10:00:00Z","attempts":1,
       "recipients":[{"recipient":"ann@example.net","state":"delivered"}],
       "events":[{"type":"delivered","recipient":"ann@example.net","metadata":{"order":"7"}}]}\
      """;
  private static final String TWO =
      ONE.replace(
          "\"recipients\":[",
          "\"recipients\":[{\"recipient\":\"bob@example.net\",\"state\":\"delivered\"},");

  @Test
  void aLateBounceIsOneMoreEventOfItsRecipient() throws Exception {
    LateEvents events = LateEvents.of(read(Reports.POSTFIX), known(TWO), NOW);

    assertThat(events.outcomes())
        .singleElement()
        .returns("receipt-1", Outcome::id)
        .returns("ann@example.net", Outcome::recipient)
        .returns(OutcomeType.LATE_BOUNCED, Outcome::type)
        .returns(1, Outcome::attempt)
        .returns(Optional.empty(), Outcome::lane)
        .returns(Optional.of("{\"order\":\"7\"}"), Outcome::metadata);
    assertThat(events.outcomes().getFirst().type().isFinal()).isFalse();
  }

  @Test
  void theSameReportTwiceIsRecordedOnce() throws Exception {
    String before = TWO.replace("\"type\":\"delivered\"", "\"type\":\"late-bounced\"");

    assertThat(LateEvents.of(read(Reports.POSTFIX), known(before), NOW))
        .isEqualTo(new LateEvents(List.of(), List.of("ann@example.net"), List.of()));
  }

  @Test
  void aNameThatIsNoneOfTheMessagesIsItsOnlyRecipientOrNobody() {
    Complaint unnamed = new Complaint("abuse", List.of(), NO_CLUES);
    Complaint stranger = new Complaint("abuse", List.of("mallory@example.org"), NO_CLUES);

    for (Complaint complaint : List.of(unnamed, stranger)) {
      assertThat(LateEvents.of(complaint, known(ONE), NOW).outcomes())
          .extracting(Outcome::recipient)
          .containsExactly("ann@example.net");
      assertThat(LateEvents.of(complaint, known(TWO), NOW).outcomes()).isEmpty();
    }
  }

  @Test
  void theListGrowsOnlyAsTheRouteHasIt() throws Exception {
    LateEvents bounced = LateEvents.of(read(Reports.POSTFIX), known(ONE), NOW);
    LateEvents complained =
        LateEvents.of(new Complaint("abuse", List.of(), NO_CLUES), known(ONE), NOW);
    Bounces bounces = new Bounces(Dsn.NONE, true, false);
    Bounces complaints = new Bounces(Dsn.NONE, false, true);

    assertThat(bounced.suppressions(bounces))
        .extracting(Suppression::source)
        .containsExactly(Suppression.Source.HARD_BOUNCE);
    assertThat(bounced.suppressions(complaints)).isEmpty();
    assertThat(complained.suppressions(complaints))
        .extracting(Suppression::source)
        .containsExactly(Suppression.Source.COMPLAINT);
    assertThat(complained.suppressions(bounces)).isEmpty();
  }

  @Test
  void aForgottenMessageIsTakenAtTheReportsWord() throws Exception {
    KnownMessage forgotten = KnownMessage.forgotten("receipt-1", "default", NOW);

    assertThat(LateEvents.of(read(Reports.POSTFIX), forgotten, NOW).outcomes())
        .extracting(Outcome::recipient)
        .containsExactly("Ann@example.net");
    assertThat(LateEvents.of(new Complaint("abuse", List.of(), NO_CLUES), forgotten, NOW).unclear())
        .hasSize(1);
  }

  @Test
  void theSurestIdComesFirstAndNoIdIsMadeUp() {
    Clues clues =
        new Clues(
            Optional.of("order+2B7"),
            Optional.of(MessageId.of("receipt-9", Instant.EPOCH, "shop@example.com")),
            List.of("ann@example.net", "bounce+receipt-3@example.com", "bounce+@example.com"));

    assertThat(Candidates.of(Optional.of("bounce+receipt-1@example.com"), clues))
        .containsExactly("receipt-1", "order+2B7", "order+7", "receipt-9", "receipt-3");
    assertThat(
            Candidates.of(
                Optional.empty(),
                new Clues(Optional.empty(), Optional.of("<own.id@example.com>"), List.of("a@b.c"))))
        .isEmpty();
  }

  @Test
  void ourOwnReportIsUnderstoodToo() throws Exception {
    MessageFacts facts =
        new MessageFacts(
            "receipt-1",
            "default",
            new Envelope("shop@example.com", List.of("ann@example.net")),
            ContentType.JSON,
            NOW,
            Optional.empty(),
            Optional.empty(),
            1,
            0,
            Optional.empty());
    SmtpReply reply = new SmtpReply("rcpt", 550, Optional.of("5.1.1"), "no such user");
    Outcome bounced =
        new Outcome(
            "receipt-1",
            "default",
            "ann@example.net",
            OutcomeType.BOUNCED,
            1,
            Optional.empty(),
            Optional.of(reply),
            Optional.empty(),
            NOW,
            NOW,
            Optional.empty());
    byte[] value = "{\"from\":\"shop@example.com\"}".getBytes(StandardCharsets.UTF_8);

    Failures read =
        (Failures)
            ReportReader.read(
                DeliveryReport.of(facts, value, List.of(bounced), "mx.test").getFirst().value());
    assertThat(Candidates.of(Optional.empty(), read.clues())).containsExactly("receipt-1");
    assertThat(read.failed().getFirst().reply())
        .isEqualTo(new SmtpReply("report", 550, Optional.of("5.1.1"), "no such user"));
  }

  private static KnownMessage known(String json) {
    return KnownMessage.read(json.getBytes(StandardCharsets.UTF_8)).orElseThrow();
  }

  private static IncomingReport read(String message) throws NotAReport {
    return ReportReader.read(Reports.bytes(message));
  }
}
