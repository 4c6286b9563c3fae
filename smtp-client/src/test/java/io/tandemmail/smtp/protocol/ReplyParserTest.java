package io.tandemmail.smtp.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandemmail.smtp.EnhancedCode;
import io.tandemmail.smtp.Reply;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyParserTest {
  @Test
  void oneLineWithAnEnhancedCode() throws Exception {
    assertThat(parse("250 2.1.5 recipient ok\r\n"))
        .containsExactly(new Reply(250, Optional.of(new EnhancedCode(2, 1, 5)), "recipient ok"));
  }

  @Test
  void manyLinesAreOneReply() throws Exception {
    assertThat(parse("250-mx.example.com\r\n250-SIZE 1000\r\n250 PIPELINING\r\n"))
        .containsExactly(
            new Reply(250, Optional.empty(), "mx.example.com / SIZE 1000 / PIPELINING"));
  }

  @Test
  void anEnhancedCodeOfAnotherClassIsOnlyText() throws Exception {
    assertThat(parse("250 5.0.0 really?\r\n"))
        .containsExactly(new Reply(250, Optional.empty(), "5.0.0 really?"));
  }

  @Test
  void repliesSplitByteByByteAreTheSame() throws Exception {
    String text = "220 hello\r\n250-a\r\n250 b\r\n550 5.1.1 no such user\r\n";
    ReplyParser parser = new ReplyParser();
    List<Reply> replies = new ArrayList<>();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      parser.feed(new byte[] {b}, 0, 1);
      parser.take().ifPresent(replies::add);
    }
    assertThat(replies).isEqualTo(parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "250-ok\r\n550 no\r\n",
        "abc\r\n",
        "25\r\n",
        "2500 x\r\n",
        "999 x\r\n",
        "100 x\r\n",
        "\r\n",
        "250_ok\r\n"
      })
  void whatIsNoReplyIsNeverSuccess(String text) {
    assertThatThrownBy(() -> parse(text)).isInstanceOf(ReplyParser.Malformed.class);
  }

  @Test
  void anEndlessReplyIsCutOff() {
    assertThatThrownBy(() -> parse("250-x\r\n".repeat(600)))
        .isInstanceOf(ReplyParser.Malformed.class);
    assertThatThrownBy(() -> parse("250 " + "x".repeat(70_000)))
        .isInstanceOfSatisfying(ReplyParser.Malformed.class, e -> assertThat(e.tooLong()).isTrue());
  }

  @Test
  void controlCharactersDoNotSurvive() throws Exception {
    assertThat(parse("250 a\u001b[31mb\r\n").getFirst().text()).isEqualTo("a?[31mb");
  }

  /** Whatever a server sends gives replies or Malformed, in bounded memory, and the same however it is cut. */
  @Test
  void fuzzedBytesGiveTheSameHoweverTheyAreCut() {
    Random random = new Random(42);
    String alphabet = "2450 -.\r\nabc\u0000";
    for (int round = 0; round < 100_000; round++) {
      byte[] bytes = new byte[1 + random.nextInt(40)];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) alphabet.charAt(random.nextInt(alphabet.length()));
      }
      assertThat(outcome(bytes, bytes.length)).isEqualTo(outcome(bytes, 1));
    }
  }

  private static String outcome(byte[] bytes, int step) {
    ReplyParser parser = new ReplyParser();
    StringBuilder seen = new StringBuilder();
    try {
      for (int from = 0; from < bytes.length; from += step) {
        int to = Math.min(bytes.length, from + step);
        for (int at = from; at < to; ) {
          at += parser.feed(bytes, at, to);
          parser.take().ifPresent(reply -> seen.append(reply).append('\n'));
        }
      }
    } catch (ReplyParser.Malformed e) {
      seen.append(e.getMessage());
    }
    return seen.toString();
  }

  private static List<Reply> parse(String text) throws ReplyParser.Malformed {
    ReplyParser parser = new ReplyParser();
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    List<Reply> replies = new ArrayList<>();
    for (int at = 0; at < bytes.length; ) {
      at += parser.feed(bytes, at, bytes.length);
      parser.take().ifPresent(replies::add);
    }
    return replies;
  }
}
