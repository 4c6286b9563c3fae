package io.tandemmail.ingest.reports;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tandemmail.ingest.bounce.LateEvents;
import io.tandemmail.ingest.dialogue.Mail;
import io.tandemmail.model.outcome.Outcome;
import io.tandemmail.model.outcome.OutcomeType;
import io.tandemmail.model.suppression.Suppression;
import io.tandemmail.runtime.metrics.Metrics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class BounceMailboxTest {
  private static final String MESSAGE =
      """
      {"id":"m1","route":"default","state":"delivered","submittedAt":"2026-11-24T10:00:00Z","attempts":1,
       "recipients":[{"recipient":"ann@example.net","state":"delivered"},{"recipient":"bob@example.net","state":"delivered"}],
       "events":[{"type":"late-bounced","recipient":"bob@example.net"}]}\
      """;

  private final ScriptedEvents log = new ScriptedEvents();
  private final PrometheusMeterRegistry registry = Metrics.registry();
  private boolean routers = true;
  private final BounceMailbox mailbox =
      new BounceMailbox(this::find, log, Map::of, Duration.ofSeconds(10), registry);

  @Test
  void aBounceIsOneMoreEventOfItsMessage() throws Exception {
    assertThat(take("bounce+m1@example.com", failed("ann@example.net")))
        .isEqualTo("250 2.6.0 1 recorded\r\n");
    assertThat(log.outcomes)
        .singleElement()
        .returns("m1", Outcome::id)
        .returns("ann@example.net", Outcome::recipient)
        .returns(OutcomeType.LATE_BOUNCED, Outcome::type);
    assertThat(registry.scrape()).contains("tandem_ingest_reports_total{result=\"recorded\"} 1");
  }

  @Test
  void aComplaintIsOneToo() throws Exception {
    String complaint =
        part("message/feedback-report", "Feedback-Type: abuse\nOriginal-Rcpt-To: ann@example.net");
    assertThat(take("bounce+m1@example.com", complaint)).startsWith("250 2.6.0 1 recorded");
    assertThat(log.outcomes).extracting(Outcome::type).containsExactly(OutcomeType.COMPLAINED);
  }

  @Test
  void whatSaysNothingNewIsTakenAndRecordsNothing() throws Exception {
    assertThat(take("bounce+m1@example.com", failed("bob@example.net")))
        .startsWith("250 2.6.0 already recorded");
    assertThat(take("bounce+m1@example.com", failed("eve@example.net")))
        .startsWith("250 2.6.0 none of the message's recipients");
    assertThat(
            take("bounce+m1@example.com", failed("ann@example.net").replace("failed", "delayed")))
        .startsWith("250 2.6.0 the report says delayed");
    assertThat(take("bounce+m2@example.com", failed("ann@example.net")))
        .startsWith("250 2.6.0 no message of the last 24 hours");
    assertThat(take("bounce@example.com", failed("ann@example.net")))
        .startsWith("250 2.6.0 no message of the last 24 hours");
    assertThat(take("bounce+m1@example.com", "Subject: away\n\nI am on holiday.\n"))
        .startsWith("250 2.6.0 not a report");
    assertThat(log.outcomes).isEmpty();
    assertThat(registry.scrape())
        .contains("tandem_ingest_reports_total{result=\"not-a-report\"} 1")
        .contains("tandem_ingest_reports_total{result=\"unknown-message\"} 2");
  }

  @Test
  void whatCannotBeAskedOrWrittenIsSentAgain() throws Exception {
    routers = false;
    assertThat(take("bounce+m1@example.com", failed("ann@example.net"))).startsWith("451 4.3.0");
    routers = true;
    log.failing = true;
    assertThat(take("bounce+m1@example.com", failed("ann@example.net"))).startsWith("451 4.3.0");
    log.failing = false;
    assertThat(take("bounce+m1@example.com", failed("ann@example.net"))).startsWith("250");
  }

  private String take(String sentTo, String report) throws InterruptedException {
    byte[] content = report.replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII);
    return mailbox.take(new Mail.Report(sentTo, content)).wire();
  }

  private MessageLookup.Answer find(String id) {
    if (!routers) {
      return new MessageLookup.NoRouter();
    }
    return id.equals("m1")
        ? new MessageLookup.Found(MESSAGE.getBytes(StandardCharsets.UTF_8))
        : new MessageLookup.Unknown();
  }

  private static String failed(String recipient) {
    return part(
        "message/delivery-status",
        "Reporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; "
            + recipient
            + "\nAction: failed\nStatus: 5.1.1");
  }

  private static String part(String type, String fields) {
    return "Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: "
        + type
        + "\n\n"
        + fields
        + "\n\n--b--\n";
  }

  private static final class ScriptedEvents implements EventLog {
    private final List<Outcome> outcomes = new ArrayList<>();
    private boolean failing;

    @Override
    public CompletableFuture<Void> append(LateEvents events, List<Suppression> entries) {
      if (failing) {
        return CompletableFuture.failedFuture(new IllegalStateException("no broker"));
      }
      outcomes.addAll(events.outcomes());
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public void close() {}
  }
}
