package io.tandemmail.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tandemmail.model.bounce.MessageId;
import io.tandemmail.sink.MailSink;
import io.tandemmail.sink.ReceivedMessage;
import io.tandemmail.sink.SinkConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a bounce: a report to the sender, an entry in the list, and the report that comes back from outside. */
class BouncesIT {
  private static final Duration START = Duration.ofSeconds(90);
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String BAD = "550-rcpt@example.net";

  @TempDir Path folder;
  private final List<ReceivedMessage> received = new CopyOnWriteArrayList<>();
  private int kafkaPort;
  private String ingest;
  private Path config;

  @Test
  void aBadMailboxIsReportedOnceAndGetsNoMoreMail() throws Exception {
    try (MailSink sink = MailSink.start(SinkConfig.named("mx"), received::add)) {
      configure(sink.port());
      try (TandemProcess tandem =
          TandemProcess.tandem(folder, "tandem", "standalone", "--config", config.toString())
              .awaitOutput("tandem is ready", START)) {
        submit("first", BAD);
        await().atMost(SOON).until(() -> reports().size() == 1);
        assertThat(reports().getFirst().recipients()).containsExactly("shop@example.com");
        assertThat(text(reports().getFirst()))
            .contains("report-type=delivery-status", "Final-Recipient: rfc822; " + BAD)
            .contains("Original-Envelope-Id: first", "Action: failed");
        awaitState("first", "bounced");

        awaitSuppressed();
        submit("second", "550-RCPT@example.net");
        awaitState("second", "suppressed");
        submit("third", "ann@example.net");
        awaitState("third", "delivered");
        assertThat(reports()).as("one for the bounce, none for what was suppressed").hasSize(1);

        ReceivedMessage third =
            received.stream().filter(m -> m.key().equals("third")).findFirst().orElseThrow();
        String messageId = field(third, "Message-ID");
        assertThat(bounce(0, "late", report(messageId, "ann@example.net")))
            .contains("late-bounced  third  ann@example.net", "ann@example.net is suppressed");
        await()
            .atMost(SOON)
            .untilAsserted(() ->
                assertThat(Submissions.get(ingest + "/v1/messages/third").body())
                    .contains("\"state\":\"delivered\"", "\"type\":\"late-bounced\""));
        assertThat(bounce(0, "again", report(messageId, "ann@example.net")))
            .contains("already recorded  third  ann@example.net");
        assertThat(bounce(1, "nonsense", "Subject: hello\n\nHello.\n")).contains("not a report");
        assertThat(bounce(1, "nowhere", report("<x@example.org>", "ann@example.net")))
            .contains("does not say which message", "--recipient");
        assertThat(
                bounce(
                    1,
                    "unknown",
                    report(MessageId.of("none", Instant.EPOCH, "a@b.c"), "ann@example.net")))
            .contains("no message none was accepted", "--route");
        assertThat(run(2, "invalid", "suppress", "add", "bob@example.net", "ann example.net"))
            .contains("'ann example.net' contains a space", "nothing was changed");
        assertThat(run(0, "removed", "suppress", "remove", "ann@example.net"))
            .contains("ann@example.net is not suppressed");
        assertThat(run(0, "left", "suppress", "list", "--json"))
            .contains(BAD)
            .doesNotContain("ann@example.net")
            .doesNotContain("bob@example.net");
        assertThat(run(0, "status", "status", "--json")).contains("\"unaccounted\":0");
      }
    }
  }

  private void configure(int port) throws IOException {
    kafkaPort = Submissions.freePort();
    int httpPort = Submissions.freePort();
    ingest = "http://127.0.0.1:" + httpPort;
    config = folder.resolve("tandem.yaml");
    Files.writeString(
        config,
        """
        kafka: { embedded: { port: %d, data-dir: %s }, partitions: 4 }
        ingest: { http: { port: %d } }
        console: { port: 0 }
        worker: { ehlo-name: localhost, drain-budget: 5s }
        servers: { a: { host: 127.0.0.1, port: %d, tls: none } }
        routes: { default: { primary: a, dsn: failures, suppress-hard-bounces: true } }
        """
            .formatted(kafkaPort, folder.resolve("data"), httpPort, port));
  }

  private void submit(String id, String recipient) {
    try (KafkaProducer<byte[], byte[]> producer = Submissions.producer("127.0.0.1:" + kafkaPort)) {
      String json = Submissions.json(id).replace("ann@example.net", recipient);
      producer.send(new ProducerRecord<>("mail.submitted", bytes(id), bytes(json)));
    }
  }

  private void awaitState(String id, String state) {
    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(Submissions.get(ingest + "/v1/messages/" + id).body())
                .contains("\"state\":\"" + state + "\",\"submittedAt\""));
  }

  /** The list is written before the outcome, but a router reads it in its own time. */
  private void awaitSuppressed() throws Exception {
    assertThat(run(0, "list", "suppress", "list")).contains(BAD, "hard-bounce", "route default");
  }

  private List<ReceivedMessage> reports() {
    return received.stream().filter(message -> message.reversePath().isEmpty()).toList();
  }

  private String bounce(int exit, String name, String report) throws Exception {
    Path input = Files.writeString(folder.resolve(name + ".eml"), report);
    TandemProcess process =
        TandemProcess.tandemReading(input, folder, name, "bounce", "--config", config.toString());
    assertThat(process.exitCode(SOON)).as(process.output()).isEqualTo(exit);
    return process.output();
  }

  private String run(int exit, String name, String... arguments) throws Exception {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--config", config.toString()));
    TandemProcess process = TandemProcess.tandem(folder, name, all.toArray(new String[0]));
    assertThat(process.exitCode(SOON)).as(process.output()).isEqualTo(exit);
    return process.output();
  }

  private static String report(String messageId, String recipient) {
    return """
    From: MAILER-DAEMON@mx.example.org
    To: shop@example.com
    Content-Type: multipart/report; report-type=delivery-status; boundary=b

    --b
    Content-Type: message/delivery-status

    Reporting-MTA: dns; mx.example.org

    Final-Recipient: rfc822; %s
    Action: failed
    Status: 5.1.1
    Diagnostic-Code: smtp; 550 5.1.1 no such user

    --b
    Content-Type: text/rfc822-headers

    Message-ID: %s

    --b--
    """
        .formatted(recipient, messageId);
  }

  private static String field(ReceivedMessage message, String name) {
    return text(message)
        .lines()
        .filter(line -> line.startsWith(name + ": "))
        .map(line -> line.substring(name.length() + 2))
        .findFirst()
        .orElseThrow();
  }

  private static String text(ReceivedMessage message) {
    return new String(message.content(), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
