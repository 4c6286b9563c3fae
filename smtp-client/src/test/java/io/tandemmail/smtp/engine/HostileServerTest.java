package io.tandemmail.smtp.engine;

import static io.tandemmail.smtp.TestServers.connect;
import static io.tandemmail.smtp.TestServers.endpoint;
import static io.tandemmail.smtp.TestServers.mail;
import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.smtp.Fault;
import io.tandemmail.smtp.MailTransaction;
import io.tandemmail.smtp.Phase;
import io.tandemmail.smtp.RecipientResult;
import io.tandemmail.smtp.ScriptedServer;
import io.tandemmail.smtp.SmtpSession;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Servers that no specification describes (FAULTS.md, S3): bounded in time and memory, and never taken for a yes. */
@Timeout(30)
class HostileServerTest {
  private static final Duration WITHIN = Duration.ofMillis(700);
  private static final String ENVELOPE_OK = "250 ok\r\n250 ok\r\n354 go\r\n";
  private static final MailTransaction MAIL = mail("a: b\r\n\r\nc\r\n", "a@x.example");

  private final PipeliningSmtpTransport transport = new PipeliningSmtpTransport();

  @AfterEach
  void stop() {
    transport.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "250-ok\\r\\n550 no\\r\\n | OUT_OF_STEP",
        "250ok\\r\\n | OUT_OF_STEP",
        "25\\r\\n | OUT_OF_STEP",
        "999 ok\\r\\n | OUT_OF_STEP",
        "\\r\\n | OUT_OF_STEP",
        "354 more\\r\\n | OUT_OF_STEP",
        "250-ok | REPLY_TIMEOUT",
        "250 | REPLY_TIMEOUT"
      })
  void whatIsNoReplyToTheDotIsInDoubtNeverDelivered(String toDot, Fault.Kind kind)
      throws IOException {
    RecipientResult result =
        deliver(
            MAIL,
            client -> {
              client.greet();
              client.readUntil("DATA\r\n");
              client.say(ENVELOPE_OK);
              client.readUntil("\r\n.\r\n");
              client.say(toDot.replace("\\r", "\r").replace("\\n", "\n"));
              client.fallSilent();
            });

    assertThat(result)
        .isInstanceOfSatisfying(
            RecipientResult.InDoubt.class,
            doubt -> assertThat(doubt.fault().kind()).isEqualTo(kind));
  }

  @Test
  void aReplyWithoutEndIsCutOffAtItsBudget() throws IOException {
    RecipientResult result =
        deliver(
            MAIL,
            client -> {
              client.greet();
              client.readUntil("DATA\r\n");
              for (int i = 0; i < 100_000; i++) {
                client.say("250-" + "x".repeat(996) + "\r\n");
              }
            });

    assertThat(fault(result).kind()).isEqualTo(Fault.Kind.REPLY_TOO_LONG);
  }

  @Test
  void aTrickleDoesNotMoveTheDeadline() throws IOException {
    RecipientResult result =
        deliver(
            MAIL,
            client -> {
              client.greet();
              client.readUntil("DATA\r\n");
              client.say("250-");
              client.socket().setSoTimeout(100);
              while (true) {
                client.say("x");
                try {
                  if (client.socket().getInputStream().read() < 0) {
                    return;
                  }
                } catch (SocketTimeoutException tick) {
                  // And one more byte.
                }
              }
            });

    assertThat(fault(result).kind()).isEqualTo(Fault.Kind.REPLY_TIMEOUT);
  }

  @Test
  void aServerThatStopsReadingIsLeft() throws IOException {
    String content = "a: b\r\n\r\n" + "x".repeat(70).concat("\r\n").repeat(400_000);
    RecipientResult result =
        deliver(
            mail(content, "a@x.example"),
            client -> {
              client.greet();
              client.readUntil("DATA\r\n");
              client.say(ENVELOPE_OK);
              client.fallSilent();
            });

    assertThat(fault(result).kind()).isEqualTo(Fault.Kind.WRITE_TIMEOUT);
    assertThat(fault(result).phase()).isEqualTo(Phase.CONTENT);
  }

  @Test
  void aReplyTooManyIsNotCreditedToTheContent() throws IOException {
    RecipientResult result =
        deliver(
            MAIL,
            client -> {
              client.greet();
              client.readUntil("DATA\r\n");
              client.say(ENVELOPE_OK + "250 delivered, honestly\r\n");
              client.fallSilent();
            });

    assertThat(fault(result).kind()).isEqualTo(Fault.Kind.OUT_OF_STEP);
  }

  @Test
  void repliesThatComeByteByByteAreReplies() throws IOException {
    RecipientResult result =
        deliver(
            MAIL,
            client -> {
              client.greet();
              client.readUntil("DATA\r\n");
              for (char c : ENVELOPE_OK.toCharArray()) {
                client.say(String.valueOf(c));
              }
              client.readUntil("\r\n.\r\n");
              for (char c : "250-a\r\n250 b\r\n".toCharArray()) {
                client.say(String.valueOf(c));
              }
              client.fallSilent();
            });

    assertThat(result)
        .isInstanceOfSatisfying(
            RecipientResult.Answered.class,
            answered -> assertThat(answered.reply().text()).isEqualTo("a / b"));
  }

  private RecipientResult deliver(MailTransaction mail, ScriptedServer.Script script)
      throws IOException {
    try (ScriptedServer server = ScriptedServer.start(script);
        SmtpSession session = connect(transport, endpoint(server.port(), WITHIN))) {
      return session.deliver(mail, () -> true).recipients().getFirst();
    }
  }

  private static Fault fault(RecipientResult result) {
    assertThat(result).isInstanceOf(RecipientResult.Faulted.class);
    return ((RecipientResult.Faulted) result).fault();
  }
}
