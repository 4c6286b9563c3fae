package io.tandemmail.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What docs/mail-sink.md says and {@link MisbehaviourTest} does not try. */
class DocumentedWordsTest {
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

  @Test
  void everyWordOfTheTableIsUnderstood() throws IOException {
    List<String> words =
        Files.readAllLines(Path.of("..", "docs", "mail-sink.md")).stream()
            .filter(line -> line.startsWith("| `") && line.split("\\|").length == 4)
            .flatMap(line -> Pattern.compile("`([^`]+)`").matcher(line.split("\\|")[1]).results())
            .map((MatchResult word) -> word.group(1))
            .toList();
    assertThat(words)
        .hasSizeGreaterThan(20)
        .allSatisfy(word -> assertThat(Behaviour.parse(word)).as(word).isPresent());
  }

  @ParameterizedTest
  @ValueSource(strings = {"550-rcpt+order7", "ann+550-rcpt", "550-RCPT", "ann+tag+550-rcpt"})
  void aTagAndCaseChangeNothing(String localPart) throws IOException {
    try (ScriptedClient client = ScriptedClient.greeted(sink)) {
      assertThat(client.mail(localPart + "@example.net")).startsWith("550");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"421-greeting", "450-mail", "close-ehlo", "silent-after-connect", "normal"})
  void aRecipientCannotAskForWhatIsOver(String words) throws IOException {
    try (ScriptedClient client = ScriptedClient.greeted(sink)) {
      client.ask("EHLO x");
      assertThat(client.mail(words + "@example.net")).startsWith("250");
    }
  }

  @ParameterizedTest
  @CsvSource({"421-rcpt", "421-data", "421-dot"})
  void code421ClosesAtEachStage(String words) throws IOException {
    try (ScriptedClient client = ScriptedClient.greeted(sink)) {
      assertThat(client.mail(words + "@example.net")).startsWith("421");
      assertThat(client.reply()).isEqualTo("closed");
    }
    assertThat(sink.received()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"close-connect", "close-greeting", "close-after-connect"})
  void theSinkMayCloseBeforeItsGreeting(String words) throws IOException {
    behave(words);
    try (ScriptedClient client = ScriptedClient.connect(sink)) {
      assertThat(client.reply()).isEqualTo("closed");
    }
  }

  @ParameterizedTest
  @CsvSource({"550-ehlo, 550", "421-ehlo, 421", "close-ehlo, closed"})
  void theSinkMayRefuseTheHello(String words, String reply) throws IOException {
    behave(words);
    try (ScriptedClient client = ScriptedClient.greeted(sink)) {
      assertThat(client.ask("EHLO x")).startsWith(reply);
    }
  }

  @ParameterizedTest
  @CsvSource({"close-mail, closed", "close-after-mail, 250"})
  void theSinkMayCloseAtMail(String words, String reply) throws IOException {
    behave(words);
    try (ScriptedClient client = ScriptedClient.greeted(sink)) {
      assertThat(client.ask("MAIL FROM:<>")).startsWith(reply);
      assertThat(client.reply()).isEqualTo("closed");
    }
  }

  @Test
  void silentAfterRcptAnswersAndThenNeverAgain() throws IOException {
    try (ScriptedClient client = ScriptedClient.greeted(sink)) {
      client.ask("MAIL FROM:<>");
      assertThat(client.ask("RCPT TO:<silent-after-rcpt@example.net>")).startsWith("250");
      client.patience(SILENCE_MILLIS);
      assertThatThrownBy(() -> client.ask("DATA")).isInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void silentAfterDataAnswersAndTakesNothing() throws IOException {
    try (ScriptedClient client = ScriptedClient.greeted(sink)) {
      client.ask("MAIL FROM:<>");
      client.ask("RCPT TO:<silent-after-data@example.net>");
      assertThat(client.ask("DATA")).startsWith("354");
      client.patience(SILENCE_MILLIS);
      assertThatThrownBy(() -> client.ask("x\r\n.")).isInstanceOf(SocketTimeoutException.class);
    }
    assertThat(sink.received()).isEmpty();
  }

  @Test
  void closeAfterDotTakesTheMessageAndSaysNothing() throws IOException {
    try (ScriptedClient client = ScriptedClient.greeted(sink)) {
      assertThat(client.mail("close-after-dot@example.net")).isEqualTo("closed");
    }
    assertThat(sink.received())
        .singleElement()
        .satisfies(message ->
            assertThat(message.recipients()).containsExactly("close-after-dot@example.net"));
  }

  @Test
  void aRefusedRecipientOfSeveralIsNotRecorded() throws IOException {
    behave("452-after-1");
    try (ScriptedClient client = ScriptedClient.greeted(sink)) {
      client.ask("MAIL FROM:<>");
      client.ask("RCPT TO:<a@example.net>");
      client.ask("RCPT TO:<b@example.net>");
      client.ask("DATA");
      assertThat(client.ask("x\r\n.")).startsWith("250");
    }
    assertThat(sink.received().getFirst().recipients()).containsExactly("a@example.net");
  }

  private void behave(String words) {
    sink.behave(Behaviour.parse(words).orElseThrow());
  }
}
