package io.tandemmail.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandemmail.sink.SinkConfig.Extension;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** CHUNKING (RFC 3030): BDAT instead of DATA. */
class ChunkingTest {
  private static final int SILENCE_MILLIS = 150;
  private MailSink sink;
  private ScriptedClient client;

  @BeforeEach
  void start() throws IOException {
    sink = MailSink.start(SinkConfig.named("s").keeping().takingAtMost(100));
    client = ScriptedClient.greeted(sink);
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    sink.close();
  }

  @Test
  void chunksMakeOneMessageAndNoDotIsTouched() throws IOException {
    envelope("ann@example.net");
    assertThat(bdat("BDAT 5", "a\r\n..")).startsWith("250");
    assertThat(bdat("bdat 7", "b\r\n.\r\nc")).startsWith("250");
    assertThat(bdat("BDAT 2 last", "\r\n")).startsWith("250 2.0.0 taken");

    assertThat(taken()).isEqualTo("a\r\n..b\r\n.\r\nc\r\n");
    assertThat(sink.received().getFirst().chunks()).isEqualTo(3);
  }

  @Test
  void anEmptyLastChunkEndsTheMessage() throws IOException {
    envelope("ann@example.net");
    assertThat(bdat("BDAT 3", "a\r\n")).startsWith("250");
    assertThat(sink.received()).isEmpty();
    assertThat(client.ask("BDAT 0 LAST")).startsWith("250");
    assertThat(taken()).isEqualTo("a\r\n");
  }

  @Test
  void twoTransactionsMayBeSentWithoutWaiting() throws IOException {
    String one =
        "MAIL FROM:<a@example.com> BODY=8BITMIME\r\nRCPT TO:<b@example.net>\r\nBDAT 3\r\na\r\nBDAT 3 LAST\r\nb\r\n";
    client.send(one + one + "NOOP\r\n");
    for (int reply = 0; reply < 9; reply++) {
      assertThat(client.reply()).startsWith("250");
    }
    assertThat(sink.received()).hasSize(2);
  }

  @Test
  void aLargeChunkArrivesWhole() throws IOException {
    String content = ("x".repeat(70) + "\r\n.\r\n").repeat(40_000);
    try (MailSink large = MailSink.start(SinkConfig.named("s").keeping());
        ScriptedClient sender = ScriptedClient.greeted(large)) {
      sender.ask("MAIL FROM:<>");
      sender.ask("RCPT TO:<ann@example.net>");
      sender.send("BDAT " + content.length() + " LAST\r\n" + content);
      assertThat(sender.reply()).startsWith("250");
      assertThat(large.received().getFirst().content())
          .isEqualTo(content.getBytes(StandardCharsets.US_ASCII));
    }
  }

  /** What is refused is read all the same: its bytes look like commands. */
  @Test
  void withoutATransactionOrARecipientAChunkIsReadAndRefused() throws IOException {
    assertThat(bdat("BDAT 6 LAST", "QUIT\r\n")).startsWith("503");
    client.ask("MAIL FROM:<>");
    assertThat(bdat("BDAT 6 LAST", "QUIT\r\n")).startsWith("554");
    assertThat(client.ask("NOOP")).startsWith("250");
    assertThat(sink.received()).isEmpty();
  }

  @Test
  void aChunkAfterTheLastIsRefused() throws IOException {
    envelope("ann@example.net");
    assertThat(client.ask("BDAT 0 LAST")).startsWith("250");
    assertThat(client.ask("BDAT 0 LAST")).startsWith("503");
  }

  @ParameterizedTest
  @ValueSource(strings = {"BDAT", "BDAT x", "BDAT -1", "BDAT 1x LAST", "BDAT 9999999999999999999"})
  void aSizeThatCannotBeReadEndsTheConnection(String command) throws IOException {
    envelope("ann@example.net");
    assertThat(client.ask(command)).startsWith("501");
    assertThat(client.reply()).isEqualTo("closed");
    assertThat(sink.received()).isEmpty();
  }

  @Test
  void aSecondWordOtherThanLastFailsTheTransaction() throws IOException {
    envelope("ann@example.net");
    assertThat(bdat("BDAT 6 FIRST", "QUIT\r\n")).startsWith("501");
    assertThat(client.ask("BDAT 0 LAST")).startsWith("503");
  }

  @Test
  void tooMuchInOneChunkOrInAllIsReadAndRefused() throws IOException {
    envelope("ann@example.net");
    assertThat(bdat("BDAT 101 LAST", "x".repeat(101))).startsWith("552");
    envelope("ann@example.net");
    assertThat(bdat("BDAT 60", "x".repeat(60))).startsWith("250");
    assertThat(bdat("BDAT 60", "x".repeat(60))).startsWith("552");
    assertThat(bdat("BDAT 6 LAST", "QUIT\r\n")).startsWith("503");
    assertThat(sink.received()).isEmpty();
    envelope("ann@example.net");
    assertThat(bdat("BDAT 100 LAST", "x".repeat(100))).startsWith("250");
  }

  @Test
  void afterAChunkThereIsNoDataAndNoRecipientUntilReset() throws IOException {
    envelope("ann@example.net");
    assertThat(bdat("BDAT 3", "a\r\n")).startsWith("250");
    assertThat(client.ask("DATA")).startsWith("503");
    assertThat(client.ask("RCPT TO:<bob@example.net>")).startsWith("503");
    assertThat(client.ask("MAIL FROM:<>")).startsWith("503");
    assertThat(client.ask("RSET")).startsWith("250");
    assertThat(client.mail("ann@example.net")).startsWith("250");
    assertThat(sink.received().getFirst().chunks()).isZero();
    assertThat(taken()).isEqualTo("X-Tandem-Key: k1\r\n\r\nhello\r\n");
  }

  @Test
  void aSinkWithoutItKnowsNoBdat() throws IOException {
    try (MailSink without = MailSink.start(SinkConfig.named("s").without(Extension.CHUNKING));
        ScriptedClient sender = ScriptedClient.greeted(without)) {
      assertThat(sender.ask("EHLO x")).doesNotContain("CHUNKING");
      assertThat(sender.ask("BDAT 0 LAST")).startsWith("502");
    }
  }

  /** Of two chunks the first stands where DATA would, the last where the dot would. */
  @ParameterizedTest
  @CsvSource({
    "554-data, 554, '', 0",
    "close-data, closed, '', 0",
    "close-before-dot, closed, '', 0",
    "close-after-data, 250, closed, 0",
    "451-dot, 250, 451, 0",
    "close-dot, 250, closed, 0",
    "close-after-dot, 250, closed, 1",
    "252-dot, 250, 252, 1"
  })
  void recipientsMisbehaveAtChunksToo(String words, String first, String last, int taken)
      throws IOException {
    envelope(words + "@example.net");
    assertThat(bdat("BDAT 3", "a\r\n")).startsWith(first);
    if (!last.isEmpty()) {
      assertThat(bdat("BDAT 3 LAST", "b\r\n")).startsWith(last);
    }
    assertThat(sink.received()).hasSize(taken);
  }

  @ParameterizedTest
  @CsvSource({"silent-data, 0", "silent-before-dot, 0", "silent-dot, 0", "silent-after-dot, 1"})
  void aSilentSinkHasTakenWhatItsWordsSay(String words, int taken) throws IOException {
    envelope(words + "@example.net");
    client.patience(SILENCE_MILLIS);
    assertThatThrownBy(() -> bdat("BDAT 3 LAST", "a\r\n"))
        .isInstanceOf(SocketTimeoutException.class);
    assertThat(sink.received()).hasSize(taken);
  }

  private void envelope(String recipient) throws IOException {
    assertThat(client.ask("MAIL FROM:<shop@example.com>")).startsWith("250");
    assertThat(client.ask("RCPT TO:<" + recipient + ">")).startsWith("250");
  }

  private String bdat(String command, String bytes) throws IOException {
    client.send(command + "\r\n" + bytes);
    return client.reply();
  }

  private String taken() {
    assertThat(sink.received()).hasSize(1);
    return new String(sink.received().getFirst().content(), StandardCharsets.UTF_8);
  }
}
