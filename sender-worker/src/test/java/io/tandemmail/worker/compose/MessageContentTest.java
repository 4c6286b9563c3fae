package io.tandemmail.worker.compose;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tandemmail.model.settings.ServerSettings;
import io.tandemmail.model.submission.ContentType;
import io.tandemmail.model.submission.Envelope;
import io.tandemmail.model.submission.MessageFacts;
import io.tandemmail.sink.MailSink;
import io.tandemmail.sink.SinkConfig;
import io.tandemmail.smtp.ConnectResult;
import io.tandemmail.smtp.MailTransaction;
import io.tandemmail.smtp.ServerEndpoint;
import io.tandemmail.smtp.SmtpSession;
import io.tandemmail.smtp.engine.PipeliningSmtpTransport;
import io.tandemmail.worker.delivery.WorkerMeters;
import io.tandemmail.worker.dkim.DkimKeys;
import io.tandemmail.worker.dkim.PythonDkim;
import io.tandemmail.worker.dkim.TestKeys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MessageContentTest {
  private static final String SUBMISSION =
      """
      {"from":"Bücher <shop@mail.example.com>","to":["Ann <ann@example.net>"],"subject":"Grüße €",
       "text":"Hallo\\n.Punkt\\n..\\n\\n","html":"<p>Hallo €</p>",
       "attachments":[{"filename":"a.bin","content":"AAECAwQ="}]}\
      """;

  @TempDir Path folder;

  @Test
  void whatTheServerGetsVerifies() throws Exception {
    DkimKeys keys = TestKeys.both(folder);
    byte[] content =
        content(keys, new ArrayList<>()).of(facts("default", ContentType.JSON), utf8(SUBMISSION));
    byte[] received = throughSmtp(content);

    assertThat(received).isEqualTo(content);
    assertThat(new String(received, StandardCharsets.UTF_8))
        .startsWith("DKIM-Signature: v=1;")
        .containsOnlyOnce("a=rsa-sha256")
        .containsOnlyOnce("a=ed25519-sha256");
    if (PythonDkim.isHere("MessageContentTest")) {
      assertThat(PythonDkim.verify(received, keys.records())).containsExactly("True", "True");
    }
  }

  @Test
  void everyAttemptHasTheSameBytes() throws Exception {
    MessageContent content = content(TestKeys.both(folder), new ArrayList<>());

    assertThat(content.of(facts("default", ContentType.JSON), utf8(SUBMISSION)))
        .isEqualTo(content.of(facts("default", ContentType.JSON).withAttempt(3), utf8(SUBMISSION)));
  }

  @Test
  void aRouteWithoutKeysPassesTheSubmissionOnUntouched() throws Exception {
    List<String> seen = new ArrayList<>();
    byte[] value = utf8("From: a@example.com\r\n\r\nx\r\n");

    assertThat(content(TestKeys.both(folder), seen).of(facts("other", ContentType.RFC822), value))
        .isSameAs(value);
    assertThat(seen).isEmpty();
  }

  @Test
  void mailOfADomainWithoutKeyIsSentUnsignedAndCounted() throws Exception {
    List<String> seen = new ArrayList<>();
    MessageContent content = content(TestKeys.both(folder), seen);
    byte[] foreign = utf8("From: a@example.org\r\n\r\nx\r\n");

    assertThat(content.of(facts("default", ContentType.RFC822), foreign)).isSameAs(foreign);
    content.of(facts("default", ContentType.RFC822), utf8("From: a@example.com\r\n\r\nx\r\n"));
    assertThat(seen).containsExactly("default NO_KEY", "default SIGNED");
  }

  @Test
  void theMetricIsThatOfTheContract() {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    WorkerMeters meters = new WorkerMeters(registry);
    meters.dkim("default", MessageContent.Signing.SIGNED);
    meters.dkim("default", MessageContent.Signing.SIGNED);
    meters.dkim("default", MessageContent.Signing.NO_KEY);

    assertThat(registry.scrape())
        .contains(
            "tandem_dkim_total{result=\"signed\",route=\"default\"} 2.0",
            "tandem_dkim_total{result=\"no-key\",route=\"default\"} 1.0");
  }

  private static MessageContent content(DkimKeys keys, List<String> seen) {
    return new MessageContent(
        Map.of(), keys.orThrow().signers(), (route, result) -> seen.add(route + " " + result));
  }

  private static byte[] throughSmtp(byte[] content) throws IOException {
    try (MailSink sink = MailSink.start(SinkConfig.named("test").keeping())) {
      ConnectResult connected =
          new PipeliningSmtpTransport()
              .connect(
                  ServerEndpoint.of(
                          ServerSettings.plain("test", "127.0.0.1", sink.port()), "localhost")
                      .within(Duration.ofSeconds(5)));
      assertThat(connected).isInstanceOf(ConnectResult.Connected.class);
      try (SmtpSession session = ((ConnectResult.Connected) connected).session()) {
        session.deliver(
            new MailTransaction("shop@example.com", List.of("ann@example.net"), content),
            () -> true);
      }
      return sink.received().getFirst().content();
    }
  }

  private static MessageFacts facts(String route, ContentType type) {
    return new MessageFacts(
        "m1",
        route,
        new Envelope("bounce@example.com", List.of("ann@example.net")),
        type,
        Instant.parse("2026-11-24T10:00:00Z"),
        Optional.empty(),
        Optional.empty(),
        0,
        0,
        Optional.empty());
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
