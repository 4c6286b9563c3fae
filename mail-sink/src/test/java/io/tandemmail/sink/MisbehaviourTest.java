package io.tandemmail.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every row of docs/mail-sink.md's table, seen from a socket. */
class MisbehaviourTest {
  private static final int SILENCE_MILLIS = 150;
  private MailSink sink;

  @BeforeEach
  void start() throws IOException {
    sink = MailSink.start(SinkConfig.named("s").keeping());
  }

  @AfterEach
  void stop() {
    sink.close();
  }

  @ParameterizedTest
  @CsvSource({
    "450-rcpt, 450",
    "550-rcpt, 550",
    "421-rcpt, 421",
    "451-data, 451",
    "554-data, 554",
    "451-dot, 451",
    "552-dot, 552"
  })
  void aRefusalByRecipientIsAnsweredAtItsStageAndNothingIsTaken(String words, String code)
      throws IOException {
    try (ScriptedClient client = ScriptedClient.greeted(sink)) {
      assertThat(client.mail(words + "@example.net")).startsWith(code);
    }
    assertThat(sink.received()).isEmpty();
    assertThat(sink.counts().refused()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"421-mail", "450-mail", "550-rcpt", "451-data", "552-dot"})
  void theSameWordsWorkForTheWholeSink(String words) throws IOException {
    sink.behave(Behaviour.parse(words).orElseThrow());
    try (ScriptedClient client = ScriptedClient.greeted(sink)) {
      assertThat(client.mail("ann@example.net")).startsWith(words.substring(0, 3));
    }
    assertThat(sink.received()).isEmpty();
  }

  @Test
  void aRecipientsWishComesBeforeTheSinks() throws IOException {
    sink.behave(Behaviour.parse("550-rcpt").orElseThrow());
    try (ScriptedClient client = ScriptedClient.greeted(sink)) {
      assertThat(client.mail("450-rcpt@example.net")).startsWith("450");
    }
  }

  @Test
  void anotherCode2yzStillTakesTheMessage() throws IOException {
    try (ScriptedClient client = ScriptedClient.greeted(sink)) {
      assertThat(client.mail("252-dot@example.net")).startsWith("252");
    }
    assertThat(sink.received()).hasSize(1);
  }

  @Test
  void code421ClosesToo() throws IOException {
    sink.behave(Behaviour.parse("421-greeting").orElseThrow());
    try (ScriptedClient client = ScriptedClient.connect(sink)) {
      assertThat(client.reply()).startsWith("421");
      assertThat(client.reply()).isEqualTo("closed");
    }
  }

  @Test
  void theConnectionGoesOnAfterARefusal() throws IOException {
    try (ScriptedClient client = ScriptedClient.greeted(sink)) {
      assertThat(client.mail("552-dot@example.net")).startsWith("552");
      assertThat(client.mail("ann@example.net")).startsWith("250");
    }
    assertThat(sink.counts().connections()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "close-rcpt, 0",
    "close-data, 0",
    "close-before-dot, 0",
    "close-dot, 0",
    "close-after-data, 0",
    "close-after-dot, 1"
  })
  void aConnectionThatClosesHasTakenWhatItsWordsSay(String words, int taken) throws IOException {
    try (ScriptedClient client = ScriptedClient.greeted(sink)) {
      assertThat(client.mail(words + "@example.net")).isEqualTo("closed");
    }
    assertThat(sink.received()).hasSize(taken);
  }

  @Test
  void closeAfterRcptAnswersFirst() throws IOException {
    try (ScriptedClient client = ScriptedClient.greeted(sink)) {
      client.ask("MAIL FROM:<>");
      assertThat(client.ask("RCPT TO:<close-after-rcpt@example.net>")).startsWith("250");
      assertThat(client.reply()).isEqualTo("closed");
    }
  }

  @Test
  void closeBeforeDotDoesNotWaitForTheDot() throws IOException {
    try (ScriptedClient client = ScriptedClient.greeted(sink)) {
      client.ask("MAIL FROM:<>");
      client.ask("RCPT TO:<close-before-dot@example.net>");
      client.ask("DATA");
      client.send("Subject: half");
      assertThat(client.reply()).isEqualTo("closed");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "silent-rcpt, 0",
    "silent-data, 0",
    "silent-before-dot, 0",
    "silent-dot, 0",
    "silent-after-dot, 1"
  })
  void aSilentSinkHasTakenWhatItsWordsSay(String words, int taken) throws IOException {
    try (ScriptedClient client = ScriptedClient.greeted(sink)) {
      client.patience(SILENCE_MILLIS);
      assertThatThrownBy(() -> client.mail(words + "@example.net"))
          .isInstanceOf(SocketTimeoutException.class);
    }
    assertThat(sink.received()).hasSize(taken);
  }

  @Test
  void aSinkMaySayNothingAtAll() throws IOException {
    sink.behave(Behaviour.parse("silent-after-connect").orElseThrow());
    try (ScriptedClient client = ScriptedClient.connect(sink)) {
      client.patience(SILENCE_MILLIS);
      assertThatThrownBy(client::reply).isInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void aSilentSinkCanBeStopped() throws IOException {
    try (ScriptedClient client = ScriptedClient.greeted(sink)) {
      client.patience(SILENCE_MILLIS);
      assertThatThrownBy(() -> client.mail("silent-after-dot@example.net"))
          .isInstanceOf(SocketTimeoutException.class);
      sink.stop();
      assertThat(sink.counts().open()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"slow-rcpt-60ms", "slow-data-60ms", "slow-dot-60ms"})
  void slowIsLateAndOtherwiseNormal(String words) throws IOException {
    try (ScriptedClient client = ScriptedClient.greeted(sink)) {
      long start = System.nanoTime();
      assertThat(client.mail(words + "@example.net")).startsWith("250");
      assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(Duration.ofMillis(60).toNanos());
    }
  }

  @Test
  void whatWasAnsweredBeforeTheSlowCommandIsNotHeldBack() throws IOException {
    try (ScriptedClient client = ScriptedClient.greeted(sink)) {
      client.patience(5000);
      client.send("MAIL FROM:<>\r\nRCPT TO:<slow-rcpt-3600s@example.net>\r\n");
      assertThat(client.reply()).startsWith("250 2.1.0");
    }
  }

  @Test
  void greylistingRefusesEachAddressOnce() throws IOException {
    try (ScriptedClient client = ScriptedClient.greeted(sink)) {
      client.ask("MAIL FROM:<>");
      assertThat(client.ask("RCPT TO:<greylist+a@example.net>")).startsWith("450");
      assertThat(client.ask("RCPT TO:<greylist+b@example.net>")).startsWith("450");
      assertThat(client.ask("RCPT TO:<greylist+a@example.net>")).startsWith("250");
    }
  }

  @Test
  void afterNRecipientsTheRestOfTheTransactionIsRefused() throws IOException {
    sink.behave(Behaviour.parse("452-after-2").orElseThrow());
    try (ScriptedClient client = ScriptedClient.greeted(sink)) {
      for (int transaction = 0; transaction < 2; transaction++) {
        client.ask("MAIL FROM:<>");
        assertThat(client.ask("RCPT TO:<a@example.net>")).startsWith("250");
        assertThat(client.ask("RCPT TO:<b@example.net>")).startsWith("250");
        assertThat(client.ask("RCPT TO:<c@example.net>")).startsWith("452");
        client.ask("RSET");
      }
    }
  }

  @Test
  void eachRecipientOfATransactionGetsItsOwn() throws IOException {
    try (ScriptedClient client = ScriptedClient.greeted(sink)) {
      client.ask("MAIL FROM:<>");
      assertThat(client.ask("RCPT TO:<ann@example.net>")).startsWith("250");
      assertThat(client.ask("RCPT TO:<550-rcpt@example.net>")).startsWith("550");
      assertThat(client.ask("RCPT TO:<451-dot@example.net>")).startsWith("250");
      client.ask("DATA");
      assertThat(client.ask("x\r\n.")).startsWith("451");
    }
  }
}
