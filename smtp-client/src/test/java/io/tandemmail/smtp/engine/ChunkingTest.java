package io.tandemmail.smtp.engine;

import static io.tandemmail.smtp.TestServers.connect;
import static io.tandemmail.smtp.TestServers.endpoint;
import static io.tandemmail.smtp.TestServers.mail;
import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.sink.MailSink;
import io.tandemmail.sink.SinkConfig;
import io.tandemmail.sink.SinkConfig.Extension;
import io.tandemmail.smtp.RecipientResult;
import io.tandemmail.smtp.SmtpSession;
import io.tandemmail.smtp.TransactionResult;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Content as it is, announced by its length (RFC 3030). */
class ChunkingTest {
  private static final Duration WITHIN = Duration.ofSeconds(5);
  private final PipeliningSmtpTransport transport = new PipeliningSmtpTransport();
  private MailSink sink;

  @BeforeEach
  void start() throws IOException {
    sink = MailSink.start(SinkConfig.named("test").keeping());
  }

  @AfterEach
  void stop() {
    sink.close();
    transport.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a: b\r\n\r\n.\r\n..x\r\n",
        "a: b\r\n\r\nno line end",
        "a: b\r\n\r\nends with\r",
        ""
      })
  void dotsAreNotStuffedAndTheLastLineIsEnded(String content) {
    assertThat(deliver(content, "ann@example.net")).containsExactly("FINAL_DOT 250");
    String ended = content.endsWith("\r\n") ? content : content + "\r\n";
    assertThat(new String(sink.received().getFirst().content(), StandardCharsets.UTF_8))
        .isEqualTo(ended);
  }

  @Test
  void contentLargerThanEveryBufferArrivesWhole() {
    String content = "a: b\r\n\r\n" + "0123456789abcdef\r\n".repeat(60_000);
    assertThat(deliver(content, "ann@example.net")).containsExactly("FINAL_DOT 250");
    assertThat(sink.received().getFirst().content()).hasSize(content.length());
  }

  @ParameterizedTest
  @CsvSource({
    "550-rcpt, RCPT 550",
    "450-rcpt, RCPT 450",
    "421-rcpt, RCPT 421",
    "451-dot, FINAL_DOT 451",
    "552-dot, FINAL_DOT 552",
    "421-dot, FINAL_DOT 421"
  })
  void aRefusalIsReportedAtItsStage(String localPart, String answer) {
    assertThat(deliver("a: b\r\n\r\n", localPart + "@example.net")).containsExactly(answer);
    assertThat(sink.received()).isEmpty();
  }

  @Test
  void theConnectionGoesOnAfterEveryKindOfRefusal() {
    try (SmtpSession session = connect(transport, endpoint(sink.port(), WITHIN))) {
      for (String to : List.of("550-rcpt", "451-dot", "ann", "550-rcpt", "bob")) {
        session.deliver(mail("n: " + to + "\r\n\r\n", to + "@example.net"), () -> true);
      }
    }
    assertThat(sink.received())
        .extracting(m -> new String(m.content(), StandardCharsets.UTF_8).strip())
        .containsExactly("n: ann", "n: bob");
    assertThat(sink.counts().connections()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"close-dot", "close-after-dot"})
  void noReplyToTheChunkIsInDoubt(String localPart) {
    try (SmtpSession session = connect(transport, endpoint(sink.port(), WITHIN))) {
      TransactionResult result =
          session.deliver(mail("a: b\r\n\r\n", localPart + "@example.net"), () -> true);
      assertThat(result.recipients().getFirst()).isInstanceOf(RecipientResult.InDoubt.class);
    }
  }

  @Test
  void withoutPipeliningTheChunkWaitsForItsEnvelope() throws IOException {
    sink.close();
    sink = MailSink.start(SinkConfig.named("slow").keeping().without(Extension.PIPELINING));

    assertThat(deliver("a: b\r\n\r\n", "550-rcpt@example.net", "ann@example.net"))
        .containsExactly("RCPT 550", "FINAL_DOT 250");
  }

  private List<String> deliver(String content, String... recipients) {
    try (SmtpSession session = connect(transport, endpoint(sink.port(), WITHIN))) {
      return session.deliver(mail(content, recipients), () -> true).recipients().stream()
          .map(RecipientResult.Answered.class::cast)
          .map(answered -> answered.phase() + " " + answered.reply().code())
          .toList();
    }
  }
}
