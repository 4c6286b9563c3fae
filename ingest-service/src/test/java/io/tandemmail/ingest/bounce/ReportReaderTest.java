package io.tandemmail.ingest.bounce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandemmail.ingest.bounce.IncomingReport.Complaint;
import io.tandemmail.ingest.bounce.IncomingReport.Failures;
import io.tandemmail.ingest.bounce.IncomingReport.NothingBad;
import io.tandemmail.model.outcome.Outcome.SmtpReply;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReportReaderTest {
  @Test
  void aPostfixBounceNamesItsRecipientItsReasonAndItsMessage() throws Exception {
    Failures failures = (Failures) read(Reports.POSTFIX);

    assertThat(failures.failed())
        .singleElement()
        .returns(List.of("Ann@example.net", "a.nother@example.org"), IncomingReport.Failed::named)
        .returns(
            new SmtpReply(
                "report",
                550,
                Optional.of("5.1.1"),
                "<a.nother@example.org>: Recipient address rejected: User unknown"),
            IncomingReport.Failed::reply);
    assertThat(failures.clues().messageId()).contains("<own.id@shop.example.com>");
    assertThat(failures.clues().reversePaths())
        .containsExactly("bounce+receipt-1@shop.example.com");
  }

  @Test
  void ofSeveralRecipientsOnlyThoseGivenUpCount() throws Exception {
    Failures failures =
        (Failures)
            read(
                Reports.status(
                    """
                    Reporting-MTA: dns; mx.example.org
                    Original-Envelope-Id: order+2B7

                    Final-Recipient: rfc822; late@example.net
                    Action: delayed
                    Status: 4.4.1

                    Final-Recipient: utf-8; j\\x{F6}rg@example.net
                    Action: FAILED (permanently)
                    Status: 5.0.0 (whatever)
                    Diagnostic-Code: X-Own; no idea
                    """));

    assertThat(failures.failed())
        .singleElement()
        .returns(List.of("jörg@example.net"), IncomingReport.Failed::named)
        .returns(
            new SmtpReply("report", 0, Optional.empty(), "no idea"), IncomingReport.Failed::reply);
    assertThat(failures.clues().envelopeId()).contains("order+2B7");
  }

  @Test
  void aDelayIsNothingToRecord() throws Exception {
    assertThat(
            read(
                Reports.status(
                    """
                    Reporting-MTA: dns; mx.example.org

                    Final-Recipient: rfc822; late@example.net
                    Action: delayed
                    Status: 4.4.1
                    """)))
        .isEqualTo(new NothingBad("delayed"));
  }

  @Test
  void aComplaintIsReadWithWhatItGivesBack() throws Exception {
    Complaint complaint = (Complaint) read(Reports.COMPLAINT);

    assertThat(complaint.type()).isEqualTo("abuse");
    assertThat(complaint.recipients()).containsExactly("user@example.com");
    assertThat(complaint.clues().reversePaths()).startsWith("bounce+receipt-2@shop.example.com");
    assertThat(complaint.clues().messageId()).contains("<8787KJKJ3K4J3K4J3K4J3.mail@example.net>");
    assertThat(read(Reports.COMPLAINT.replace("Feedback-Type: abuse", "Feedback-Type: not-spam")))
        .isEqualTo(new NothingBad("not-spam"));
  }

  @Test
  void whatIsNoReportSaysWhy() {
    assertThatThrownBy(() -> read("Subject: hello\n\nHello.\n"))
        .isInstanceOf(NotAReport.class)
        .hasMessageContaining("neither a delivery status");
    assertThatThrownBy(() -> read("")).isInstanceOf(NotAReport.class);
    assertThatThrownBy(() -> read(Reports.status("Reporting-MTA: dns; x\n")))
        .isInstanceOf(NotAReport.class)
        .hasMessageContaining("no Action");
  }

  @Test
  void aReportAboutAReportThatIsGivenBackIsNotReadTwice() throws Exception {
    String outer =
        Reports.POSTFIX
            .replace("Content-Type: text/rfc822-headers", "Content-Type: message/rfc822")
            .replace("Message-ID: <own.id@shop.example.com>", Reports.POSTFIX.strip());

    assertThat(((Failures) read(outer)).failed()).hasSize(1);
  }

  @Test
  void nestedMultipartsAndGiantHeadersEndTheReading() {
    StringBuilder nested = new StringBuilder();
    for (int i = 0; i < 50; i++) {
      nested.append("Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n".formatted(i, i));
    }
    assertThatThrownBy(() -> read(nested.toString()))
        .isInstanceOf(NotAReport.class)
        .hasMessageContaining("multiparts");
    for (String giant : List.of("Subject: " + "x".repeat(100_000) + "\n", "X: y\n".repeat(5_000))) {
      assertThatThrownBy(() -> read(giant + Reports.POSTFIX))
          .isInstanceOf(NotAReport.class)
          .hasMessageContaining("cannot be read");
    }
  }

  private static IncomingReport read(String message) throws NotAReport {
    return ReportReader.read(Reports.bytes(message));
  }
}
