package io.tandemmail.worker.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.model.outcome.Outcome;
import io.tandemmail.model.outcome.Outcome.SmtpReply;
import io.tandemmail.model.outcome.OutcomeType;
import io.tandemmail.model.settings.RouteSettings;
import io.tandemmail.model.settings.RouteSettings.Bounces;
import io.tandemmail.model.settings.RouteSettings.Dsn;
import io.tandemmail.model.settings.RouteSettings.OwedHeaders;
import io.tandemmail.model.settings.RouteSettings.Retry;
import io.tandemmail.model.submission.ContentType;
import io.tandemmail.model.submission.Envelope;
import io.tandemmail.model.submission.MessageFacts;
import io.tandemmail.model.suppression.Suppression;
import io.tandemmail.worker.compose.MimeComposer;
import io.tandemmail.worker.policy.Aftermath.Consequence;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.eclipse.angus.mail.dsn.DeliveryStatus;
import org.eclipse.angus.mail.dsn.MultipartReport;
import org.junit.jupiter.api.Test;

class AftermathTest {
  private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");
  private static final byte[] VALUE =
      "{\"from\":\"Shop <shop@example.com>\",\"to\":[\"ann@example.net\"],\"subject\":\"Your order\"}"
          .getBytes(StandardCharsets.UTF_8);

  private static final MessageFacts FACTS =
      new MessageFacts(
          "m1",
          "default",
          new Envelope("shop@example.com", List.of("ann@example.net")),
          ContentType.JSON,
          NOW,
          Optional.empty(),
          Optional.empty(),
          0,
          0,
          Optional.empty());

  @Test
  void aRouteThatAsksForNothingGetsNothing() {
    assertThat(of(Bounces.DEFAULT, bounced("5.1.1"))).isEmpty();
  }

  @Test
  void aBadMailboxIsSuppressedAndARefusalForPolicyIsNot() {
    Bounces suppressing = new Bounces(Dsn.NONE, true, false);

    assertThat(of(suppressing, bounced("5.1.1")))
        .singleElement()
        .isInstanceOfSatisfying(
            Consequence.Suppress.class,
            suppress ->
                assertThat(suppress.entry())
                    .returns("ann@example.net", Suppression::recipient)
                    .returns("550 5.1.1 no such user", Suppression::reason)
                    .returns(Suppression.Source.HARD_BOUNCE, Suppression::source)
                    .returns(Optional.of("default"), Suppression::route));
    assertThat(of(suppressing, bounced("5.7.1"))).isEmpty();
  }

  @Test
  void onlyWhatBouncedIsReportedAndAgainUnderTheSameId() {
    Bounces telling = new Bounces(Dsn.FAILURES, false, false);
    Outcome delivered = outcome(OutcomeType.DELIVERED, "bob@example.net", "2.0.0");
    Outcome deferred = outcome(OutcomeType.DEFERRED, "cat@example.net", "4.2.2");

    List<Consequence> once = of(telling, bounced("5.1.1"), delivered, deferred);
    assertThat(once).hasSize(1).hasOnlyElementsOfType(Consequence.Notify.class);
    assertThat(id(of(telling, bounced("5.1.1")).getFirst())).isEqualTo(id(once.getFirst()));
  }

  @Test
  void aMailReaderUnderstandsTheReport() throws Exception {
    Consequence.Notify notify =
        (Consequence.Notify)
            of(new Bounces(Dsn.FAILURES, false, false), bounced("5.1.1")).getFirst();

    MimeMessage message = message(notify.report().value());
    assertThat(message.getHeader("Auto-Submitted")).containsExactly("auto-replied");
    MultipartReport report = new MultipartReport(message.getDataHandler().getDataSource());
    assertThat(report.getText()).contains("<ann@example.net>", "no such user");
    DeliveryStatus status = (DeliveryStatus) report.getReport();
    assertThat(status.getMessageDSN().getHeader("Reporting-MTA", null)).isEqualTo("dns; mx.test");
    assertThat(status.getMessageDSN().getHeader("Original-Envelope-Id", null)).isEqualTo("m1");
    assertThat(status.getRecipientDSNCount()).isEqualTo(1);
    assertThat(status.getRecipientDSN(0).getHeader("Final-Recipient", null))
        .isEqualTo("rfc822; ann@example.net");
    assertThat(status.getRecipientDSN(0).getHeader("Action", null)).isEqualTo("failed");
    assertThat(status.getRecipientDSN(0).getHeader("Status", null)).isEqualTo("5.1.1");
    assertThat(status.getRecipientDSN(0).getHeader("Diagnostic-Code", null))
        .isEqualTo("smtp; 550 5.1.1 no such user");
    assertThat(report.getReturnedMessage().getHeader("Message-ID"))
        .as("as it was sent")
        .isEqualTo(
            message(MimeComposer.compose(VALUE, FACTS, OwedHeaders.NONE)).getHeader("Message-ID"));
  }

  private static MimeMessage message(byte[] content) throws Exception {
    return new MimeMessage(
        Session.getInstance(new Properties()), new ByteArrayInputStream(content));
  }

  private static String id(Consequence consequence) {
    return ((Consequence.Notify) consequence).report().id();
  }

  private static List<Consequence> of(Bounces bounces, Outcome... outcomes) {
    RouteSettings route =
        new RouteSettings("default", "a", List.of(), Retry.DEFAULT).withBounces(bounces);
    return new Aftermath(Map.of("default", route), "mx.test").of(FACTS, VALUE, List.of(outcomes));
  }

  private static Outcome bounced(String enhanced) {
    return outcome(OutcomeType.BOUNCED, "ann@example.net", enhanced);
  }

  private static Outcome outcome(OutcomeType type, String recipient, String enhanced) {
    return new Outcome(
        "m1",
        "default",
        recipient,
        type,
        1,
        Optional.empty(),
        Optional.of(new SmtpReply("rcpt", 550, Optional.of(enhanced), "no such user")),
        Optional.empty(),
        NOW,
        NOW,
        Optional.empty());
  }
}
