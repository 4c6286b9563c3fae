package io.tandemmail.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.tandemmail.sink.MailSink;
import io.tandemmail.sink.ReceivedMessage;
import io.tandemmail.sink.SinkConfig;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody else's SMTP client submits, and a report comes back to the bounce mailbox. */
class SmtpSubmissionIT {
  private static final Duration START = Duration.ofSeconds(90);
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int MESSAGES = 400;

  @TempDir Path folder;
  private final List<ReceivedMessage> received = new CopyOnWriteArrayList<>();
  private int smtpPort;
  private String ingest;

  @Test
  void everyMessageArrivesOnceAndAReportBecomesAnEvent() throws Exception {
    Optional<Path> source = Tools.find("smtp-source");
    assumeThat(source).as("smtp-source (apt-get install postfix)").isPresent();
    try (MailSink sink = MailSink.start(SinkConfig.named("mx"), received::add)) {
      Path config = configure(sink.port());
      try (TandemProcess tandem =
          TandemProcess.tandem(folder, "tandem", "standalone", "--config", config.toString())
              .awaitOutput("or by SMTP at 127.0.0.1:" + smtpPort, START)) {
        submitWith(source.get());
        await().atMost(SOON).until(() -> received.size() >= MESSAGES);
        assertThat(received)
            .extracting(ReceivedMessage::key)
            .hasSize(MESSAGES)
            .doesNotHaveDuplicates();
        assertThat(received)
            .allSatisfy(message -> {
              assertThat(message.reversePath()).isEqualTo("shop@example.com");
              assertThat(message.recipients()).containsExactly("ann@example.net");
            });

        assertThat(
                mail(
                    "bounce+order-7@shop.example.com",
                    "bob@example.net",
                    "Tandem-Id: order-7\r\nSubject: seven\r\n\r\nSeven.\r\n"))
            .isEqualTo("250 2.6.0 order-7 accepted");
        await().atMost(SOON).until(() -> received.size() == MESSAGES + 1);
        assertThat(new String(received.getLast().content(), StandardCharsets.US_ASCII))
            .isEqualTo("Subject: seven\r\n\r\nSeven.\r\n");
        awaitEvent("\"type\":\"delivered\"");

        assertThat(mail("", "bounce+order-7@shop.example.com", report()))
            .isEqualTo("250 2.6.0 1 recorded");
        awaitEvent("\"type\":\"late-bounced\"");
        assertThat(mail("", "bounce+order-7@shop.example.com", report()))
            .isEqualTo("250 2.6.0 already recorded");
        assertThat(mail("x@example.com", "bob@example.net", "Tandem-Route: no\r\n\r\n"))
            .startsWith("554 5.6.0 ")
            .contains("'no' is not configured; use one of [default]");
        assertThat(received).hasSize(MESSAGES + 1);
      }
    }
  }

  private Path configure(int port) throws IOException {
    int httpPort = Submissions.freePort();
    smtpPort = Submissions.freePort();
    ingest = "http://127.0.0.1:" + httpPort;
    return Files.writeString(
        folder.resolve("tandem.yaml"),
        """
        kafka: { embedded: { port: %d, data-dir: %s }, partitions: 4 }
        ingest:
          http: { port: %d }
          smtp: { port: %d, bounce-address: bounce@shop.example.com }
        console: { port: 0 }
        worker: { ehlo-name: localhost, drain-budget: 5s }
        servers: { a: { host: 127.0.0.1, port: %d, tls: none } }
        routes: { default: { primary: a } }
        """
            .formatted(Submissions.freePort(), folder.resolve("data"), httpPort, smtpPort, port));
  }

  private void submitWith(Path source) throws IOException, InterruptedException {
    Path log = folder.resolve("smtp-source.log");
    Process process =
        new ProcessBuilder(
                source.toString(),
                "-s",
                "4",
                "-m",
                Integer.toString(MESSAGES),
                "-l",
                "4096",
                "-f",
                "shop@example.com",
                "-t",
                "ann@example.net",
                "127.0.0.1:" + smtpPort)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    assertThat(process.waitFor(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(log)).isZero();
  }

  /** The last line of the reply to the content. */
  private String mail(String from, String to, String content) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", smtpPort);
        BufferedReader in =
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))) {
      socket.setSoTimeout((int) SOON.toMillis());
      String reply = reply(in);
      for (String line :
          List.of(
              "EHLO localhost",
              "MAIL FROM:<" + from + ">",
              "RCPT TO:<" + to + ">",
              "DATA",
              content + ".",
              "QUIT")) {
        assertThat(reply).doesNotStartWith("5");
        socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
        String last = reply(in);
        if (line.startsWith(content)) {
          return last;
        }
        reply = last;
      }
      throw new AssertionError("no reply to the content");
    }
  }

  private static String reply(BufferedReader in) throws IOException {
    String line = in.readLine();
    while (line != null && line.length() > 3 && line.charAt(3) == '-') {
      line = in.readLine();
    }
    return String.valueOf(line);
  }

  private void awaitEvent(String event) {
    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(Submissions.get(ingest + "/v1/messages/order-7").body()).contains(event));
  }

  private static String report() {
    return """
    From: MAILER-DAEMON@mx.example.org
    To: bounce+order-7@shop.example.com
    Content-Type: multipart/report; report-type=delivery-status; boundary=b

    --b
    Content-Type: message/delivery-status

    Reporting-MTA: dns; mx.example.org

    Final-Recipient: rfc822; bob@example.net
    Action: failed
    Status: 5.1.1
    Diagnostic-Code: smtp; 550 5.1.1 no such user

    --b--
    """
        .replace("\n", "\r\n");
  }
}
