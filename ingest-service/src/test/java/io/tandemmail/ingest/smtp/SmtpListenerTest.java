package io.tandemmail.ingest.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tandemmail.ingest.accept.Acceptance;
import io.tandemmail.ingest.accept.ScriptedLog;
import io.tandemmail.ingest.accept.ScriptedLog.Appended;
import io.tandemmail.ingest.dialogue.Rules;
import io.tandemmail.model.disk.DiskGate;
import io.tandemmail.model.disk.LogDir;
import io.tandemmail.model.settings.HttpAddress;
import io.tandemmail.model.settings.SmtpSettings;
import io.tandemmail.model.settings.SmtpSettings.Certificate;
import io.tandemmail.model.submission.SubmissionReader;
import io.tandemmail.model.wire.HeaderNames;
import io.tandemmail.runtime.http.AddressInUse;
import io.tandemmail.runtime.metrics.Metrics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sockets on loopback, against a log that does as it is told. */
class SmtpListenerTest {
  private static final long SEED = 20261125;
  private static final int SIZE_MAX = 1 << 20;
  private static final String MESSAGE = "Subject: x\r\n\r\nHi.\r\n";
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Duration SHORT = Duration.ofMillis(300);
  private static final Timeouts PATIENT = new Timeouts(LONG, LONG, LONG, LONG);

  @TempDir Path folder;
  private final ScriptedLog log = new ScriptedLog();
  private volatile DiskGate disks = DiskGate.OPEN;
  private final WatchedRoom room = new WatchedRoom(2048);
  private final PrometheusMeterRegistry registry = Metrics.registry();
  private SmtpListener listener = listen(PATIENT, 10);

  @AfterEach
  void stop() {
    listener.close();
  }

  @Test
  void aMessageIsAcceptedOnlyWhenItIsDurable() throws Exception {
    log.holding = true;
    try (RawClient client = RawClient.greeted(listener)) {
      client.begin("ann@example.net");
      client.send(MESSAGE + ".\r\n");
      log.awaitHeld(1);
      assertThat(client.hasReply()).isFalse();
      log.release();
      assertThat(client.reply()).matches("250 2\\.6\\.0 [0-9a-f]{32} accepted");
    }
    Appended appended = log.appended.getFirst();
    assertThat(text(appended)).isEqualTo(MESSAGE);
    assertThat(appended.headers().last(HeaderNames.CONTENT_TYPE)).contains(HeaderNames.RFC822);
    assertThat(appended.headers().last(HeaderNames.MAIL_FROM)).contains("a@b.example");
    assertThat(appended.headers().every(HeaderNames.RCPT_TO)).containsExactly("ann@example.net");
    assertThat(registry.scrape())
        .contains("tandem_ingest_smtp_messages_total{result=\"accepted\"} 1");
  }

  @Test
  void withoutRoomOnABrokersDiskMailIsDeferredAlsoWhenItsContentWasOnTheWay() throws Exception {
    DiskGate full = new DiskGate.Closed(new LogDir(2, "/logs", 10 << 20, 1L << 30), 64 << 20);
    try (RawClient client = RawClient.greeted(listener)) {
      client.begin("ann@example.net");
      disks = full;
      client.send(MESSAGE + ".\r\n");
      assertThat(client.reply()).startsWith("452 4.3.1").contains("broker 2: 10 MiB free");
      assertThat(client.ask("MAIL FROM:<a@b.example>")).startsWith("452 4.3.1");
      disks = DiskGate.OPEN;
      assertThat(client.mail(MESSAGE + ".\r\n")).startsWith("250");
    }
    assertThat(log.appended).hasSize(1);
  }

  @Test
  void theNullReversePathIsOneAndFieldsOfOursChooseIdAndRoute() throws Exception {
    try (RawClient client = RawClient.greeted(listener)) {
      client.ask("MAIL FROM:<>");
      client.ask("RCPT TO:<ann@example.net>");
      client.ask("DATA");
      client.send("Tandem-Id: m7\r\nTandem-Route: marketing\r\n" + MESSAGE + ".\r\n");
      assertThat(client.reply()).isEqualTo("250 2.6.0 m7 accepted");
    }
    Appended appended = log.appended.getFirst();
    assertThat(appended.id()).isEqualTo("m7");
    assertThat(text(appended)).isEqualTo(MESSAGE);
    assertThat(appended.headers().last(HeaderNames.MAIL_FROM)).contains("");
    assertThat(appended.headers().last(HeaderNames.ROUTE)).contains("marketing");
  }

  @Test
  void badContentIsRefusedInWords() throws Exception {
    try (RawClient client = RawClient.greeted(listener)) {
      assertThat(client.mail("Tandem-Route: nowhere\r\n" + MESSAGE + ".\r\n"))
          .isEqualTo(
              "554 5.6.0 route 'nowhere' is not configured; use one of [default, marketing]");
      assertThat(client.mail("no header\r\n.\r\n"))
          .startsWith("554 5.6.0 the message does not begin with a header field");
      assertThat(client.mail("Tandem-Id: a\r\nTandem-Id: b\r\n" + MESSAGE + ".\r\n"))
          .startsWith("554 5.6.0 tandem-id is given twice");
      assertThat(client.mail(MESSAGE + ".\r\n")).startsWith("250");
    }
    assertThat(log.appended).hasSize(1);
  }

  @Test
  void whatIsTooLargeIsReadToItsEndAndRefused() throws Exception {
    try (RawClient client = RawClient.greeted(listener)) {
      assertThat(client.mail(MESSAGE + "x".repeat(78).concat("\r\n").repeat(14_000) + ".\r\n"))
          .startsWith("552 5.3.4");
      assertThat(client.mail(MESSAGE + ".\r\n")).startsWith("250");
    }
    assertThat(log.appended).hasSize(1);
    assertThat(room.taken()).isZero();
  }

  @Test
  void withoutKafkaAMessageIsDeferred() throws Exception {
    log.failing = true;
    try (RawClient client = RawClient.greeted(listener)) {
      assertThat(client.mail("Tandem-Id: m7\r\n" + MESSAGE + ".\r\n"))
          .startsWith("451 4.3.0 Kafka did not take it in time")
          .endsWith("Tandem-Id: m7");
      log.failing = false;
      log.broken = true;
      assertThat(client.mail(MESSAGE + ".\r\n")).startsWith("451 4.3.0 internal error");
      log.broken = false;
      assertThat(client.mail("Tandem-Id: m7\r\n" + MESSAGE + ".\r\n")).startsWith("250");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\n.\n",
        "\n.\r\n",
        "\r.\r",
        "\r.\r\n",
        "\r\n.\n",
        "\r\n.\r",
        "\n\n.\r\n",
        "\r\n\0.\r\n"
      })
  void mailCannotBeSmuggledInMail(String end) throws Exception {
    String second = "MAIL FROM:<x@b.example>\r\nRCPT TO:<y@b.example>\r\nDATA\r\nSubject: y\r\n";
    try (RawClient client = RawClient.greeted(listener)) {
      assertThat(client.mail(MESSAGE + "x" + end + second + "\r\n.\r\n")).startsWith("554 5.6.0");
      assertThat(client.ask("NOOP")).startsWith("250 2.0.0");
    }
    assertThat(log.appended).isEmpty();
  }

  @Test
  void aBareLineFeedInACommandEndsTheConnection() throws Exception {
    try (RawClient client = RawClient.greeted(listener)) {
      client.send("NOOP\nNOOP\r\n");
      assertThat(client.reply()).startsWith("500 5.5.2");
      assertThat(client.reply()).isEqualTo("closed");
    }
    try (RawClient client = RawClient.greeted(listener)) {
      assertThat(client.ask("x".repeat(13_000))).startsWith("500 5.5.2");
      assertThat(client.reply()).isEqualTo("closed");
    }
  }

  @Test
  void chunksMakeAMessageAndABareLineFeedInThemDoesNot() throws Exception {
    try (RawClient client = RawClient.greeted(listener)) {
      client.send(
          "MAIL FROM:<>\r\nRCPT TO:<a@b.example>\r\nBDAT 11\r\nSubject: x\nBDAT 0 LAST\r\n"
              + "MAIL FROM:<>\r\nRCPT TO:<a@b.example>\r\nBDAT 14\r\nSubject: x\r\n\r\nBDAT 5 LAST\r\n.\r\n\r\n");
      for (String code :
          List.of("250", "250", "250", "554 5.6.0", "250", "250", "250", "250 2.6.0")) {
        assertThat(client.reply()).startsWith(code);
      }
    }
    assertThat(log.appended)
        .extracting(SmtpListenerTest::text)
        .containsExactly("Subject: x\r\n\r\n.\r\n\r\n");
  }

  /** The same conversation, however the network cuts it. */
  @Test
  void splitsOfPacketsChangeNothing() throws Exception {
    String content = "Subject: x\r\n\r\n..\r\n...two\r\nend\r\n";
    String conversation =
        "EHLO x\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<c@b.example>\r\nRCPT TO:<nobody>\r\nDATA\r\n"
            + content
            + ".\r\nMAIL FROM:<>\r\nRCPT TO:<d@b.example>\r\nBDAT 3\r\nA: BDAT 5 LAST\r\nb\r\n\r\nNOOP\r\nQUIT\r\n";
    List<String> codes =
        List.of(
            "220", "250", "250", "250", "553", "354", "250", "250", "250", "250", "250", "250",
            "221", "closed");
    Random random = new Random(SEED);
    for (int round = 0; round < 100; round++) {
      try (RawClient client = new RawClient(listener)) {
        for (int at = 0; at < conversation.length(); ) {
          int next =
              Math.min(conversation.length(), at + 1 + random.nextInt(round % 2 == 0 ? 4 : 60));
          client.send(conversation.substring(at, next));
          at = next;
        }
        List<String> replies = new ArrayList<>();
        for (int i = 0; i < codes.size(); i++) {
          replies.add(client.reply());
        }
        assertThat(replies)
            .as("seed %d round %d", SEED, round)
            .extracting(reply -> reply.equals("closed") ? reply : reply.substring(0, 3))
            .isEqualTo(codes);
      }
    }
    assertThat(log.appended)
        .hasSize(200)
        .extracting(SmtpListenerTest::text)
        .containsOnly("Subject: x\r\n\r\n.\r\n..two\r\nend\r\n", "A: b\r\n\r\n");
  }

  @Test
  void memoryIsSharedAndWhoFindsNoneComesBack() throws Exception {
    String large = MESSAGE + ("x".repeat(78) + "\r\n").repeat(9_000);
    try (RawClient first = RawClient.greeted(listener);
        RawClient second = RawClient.greeted(listener)) {
      first.begin("ann@example.net");
      first.send(large);
      room.awaitTaken(900);
      assertThat(second.mail(large + ".\r\n")).startsWith("452 4.3.1");
      assertThat(second.mail(MESSAGE + ".\r\n")).as("a small one finds its room").startsWith("250");
      first.send(".\r\n");
      assertThat(first.reply()).startsWith("250");
      first.ask("NOOP");
      assertThat(second.mail(large + ".\r\n")).startsWith("250");
    }
    assertThat(log.appended).hasSize(3);
    room.awaitTakenAtMost(0);
  }

  @Test
  void whoIsSilentOrSlowIsNotWaitedForForever() throws Exception {
    restart(new Timeouts(SHORT, LONG, LONG, LONG), 10);
    try (RawClient silent = new RawClient(listener)) {
      assertThat(silent.reply()).startsWith("220");
      assertThat(silent.reply()).startsWith("421 4.4.2");
      assertThat(silent.reply()).isEqualTo("closed");
    }
    restart(new Timeouts(LONG, SHORT, LONG, LONG), 10);
    try (RawClient slow = RawClient.greeted(listener)) {
      slow.begin("ann@example.net");
      assertTimeoutPreemptively(
          LONG,
          () -> {
            while (!slow.hasReply()) {
              slow.send("x\r\n");
            }
          });
      assertThat(slow.reply()).startsWith("421 4.4.2");
    }
    assertThat(log.appended).isEmpty();
  }

  @Test
  void whoTakesNoRepliesIsCutOff() throws Exception {
    restart(new Timeouts(LONG, LONG, SHORT, LONG), 10);
    try (RawClient deaf = RawClient.greeted(listener)) {
      String many = "NOOP\r\n".repeat(10_000);
      assertTimeoutPreemptively(
          LONG,
          () ->
              assertThatThrownBy(
                      () -> {
                        while (true) {
                          deaf.send(many);
                        }
                      })
                  .isInstanceOf(IOException.class));
    }
  }

  @Test
  void oneConnectionTooManyIsTurnedAway() throws Exception {
    restart(PATIENT, 1);
    try (RawClient first = RawClient.greeted(listener)) {
      try (RawClient second = new RawClient(listener)) {
        assertThat(second.reply()).startsWith("421 4.3.2");
        assertThat(second.reply()).isEqualTo("closed");
      }
      assertThat(first.ask("QUIT")).startsWith("221");
      assertThat(first.reply()).isEqualTo("closed");
    }
    assertThat(registry.scrape()).contains("tandem_ingest_smtp_turned_away_total 1");
  }

  @Test
  void aStopSaysFarewellAndLetsTransactionsEnd() throws Exception {
    log.holding = true;
    try (RawClient idle = RawClient.greeted(listener);
        RawClient sending = RawClient.greeted(listener)) {
      sending.begin("ann@example.net");
      sending.send(MESSAGE + ".\r\n");
      log.awaitHeld(1);
      CompletableFuture<Void> stopped = CompletableFuture.runAsync(listener::close);
      assertThat(idle.reply()).startsWith("421 4.3.2");
      assertThat(idle.reply()).isEqualTo("closed");
      assertThat(stopped).isNotDone();
      log.release();
      assertThat(sending.reply()).startsWith("250 2.6.0");
      assertThat(sending.reply()).startsWith("421 4.3.2");
      assertThat(sending.reply()).isEqualTo("closed");
      stopped.join();
    }
  }

  @Test
  void aStopDoesNotWaitForWhoNeverEnds() throws Exception {
    restart(new Timeouts(LONG, LONG, LONG, SHORT), 10);
    try (RawClient client = RawClient.greeted(listener)) {
      client.begin("ann@example.net");
      assertTimeoutPreemptively(LONG, listener::close);
      assertThat(client.reply()).isEqualTo("closed");
    }
    assertThat(log.appended).isEmpty();
  }

  @Test
  void whatIsSaidInClearBehindStartTlsIsNeverHeard() throws Exception {
    TestCertificate certificate = TestCertificate.in(folder);
    listener.close();
    listener = start(PATIENT, 10, Optional.of(certificate.files()), Optional.of("secret"::equals));
    try (RawClient client = RawClient.greeted(listener)) {
      client.send(
          "STARTTLS\r\nEHLO evil\r\nAUTH PLAIN AHgAc2VjcmV0\r\nMAIL FROM:<evil@b.example>\r\n");
      assertThat(client.reply()).startsWith("220");
      client.secure(certificate.trusting());
      assertThat(client.ask("RCPT TO:<a@b.example>")).startsWith("503");
      assertThat(client.ask("EHLO x")).contains("AUTH PLAIN LOGIN").doesNotContain("STARTTLS");
      assertThat(client.ask("MAIL FROM:<a@b.example>")).startsWith("530 5.7.0");
      assertThat(client.ask("AUTH PLAIN AHgAc2VjcmV0")).startsWith("235");
      assertThat(client.mail(MESSAGE + ".\r\n")).startsWith("250 2.6.0");
    }
  }

  @Test
  void aPortThatIsTakenIsNamedWithItsKey() {
    SmtpSettings taken =
        new SmtpSettings(
            new HttpAddress("127.0.0.1", listener.port()), Optional.empty(), Optional.empty(), 1);
    assertThatThrownBy(() ->
            SmtpListener.start(
                taken,
                listener.rules(),
                new SmtpListener.Handover(listener.desk(), room, PATIENT),
                Metrics.registry()))
        .isInstanceOf(AddressInUse.class)
        .hasMessageContaining("ingest.smtp.port");
  }

  @Test
  void aCertificateThatCannotBeUsedIsNamed() throws Exception {
    Path empty = Files.createFile(folder.resolve("empty.pem"));
    assertThatThrownBy(() -> ServerTls.context(new Certificate(empty, empty)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("ingest.smtp.certificate")
        .hasMessageContaining(empty.toString());
  }

  private void restart(Timeouts timeouts, int connectionsMax) {
    listener.close();
    listener = listen(timeouts, connectionsMax);
  }

  private SmtpListener listen(Timeouts timeouts, int connectionsMax) {
    return start(timeouts, connectionsMax, Optional.empty(), Optional.empty());
  }

  private SmtpListener start(
      Timeouts timeouts,
      int connectionsMax,
      Optional<Certificate> certificate,
      Optional<Predicate<String>> keys) {
    SmtpSettings settings =
        new SmtpSettings(
            new HttpAddress("127.0.0.1", 0), certificate, Optional.empty(), connectionsMax);
    Rules rules =
        new Rules(
            "mx.test",
            SIZE_MAX,
            100,
            () -> disks.refusal(),
            keys,
            certificate.isPresent() ? Rules.Tls.OFFERED : Rules.Tls.NONE,
            Optional.empty());
    SubmissionReader reader =
        new SubmissionReader(SubmissionReader.Limits.of(SIZE_MAX), Set.of("default", "marketing"));
    MailDesk desk =
        new MailDesk(
            new Acceptance(() -> reader, log, Duration.ofSeconds(30), () -> disks),
            Optional.empty());
    return SmtpListener.start(
        settings, rules, new SmtpListener.Handover(desk, room, timeouts), registry);
  }

  private static String text(Appended appended) {
    return new String(appended.value(), StandardCharsets.ISO_8859_1);
  }
}
