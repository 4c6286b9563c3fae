package io.tandemmail.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.smtp.server.Limits;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** LIMITS (RFC 9422): announced, and held to. */
class LimitsTest {
  @Test
  void theyAreAnnouncedInOneLine() throws IOException {
    try (MailSink sink = limited("RCPTMAX=10,MAILMAX=5,RCPTDOMAINMAX=2");
        ScriptedClient client = ScriptedClient.greeted(sink)) {
      assertThat(client.ask("EHLO x")).endsWith("|250 LIMITS MAILMAX=5 RCPTDOMAINMAX=2 RCPTMAX=10");
    }
  }

  @Test
  void everyRecipientOfATransactionCountsTakenOrNot() throws IOException {
    try (MailSink sink = limited("RCPTMAX=2");
        ScriptedClient client = ScriptedClient.greeted(sink)) {
      for (int transaction = 0; transaction < 2; transaction++) {
        client.ask("MAIL FROM:<>");
        assertThat(client.ask("RCPT TO:<550-rcpt@example.net>")).startsWith("550");
        assertThat(client.ask("RCPT TO:<a@example.net>")).startsWith("250");
        assertThat(client.ask("RCPT TO:<b@example.net>")).startsWith("452 4.5.3");
        client.ask("RSET");
      }
    }
  }

  @Test
  void domainsCountOnceEach() throws IOException {
    try (MailSink sink = limited("RCPTDOMAINMAX=1");
        ScriptedClient client = ScriptedClient.greeted(sink)) {
      client.ask("MAIL FROM:<>");
      assertThat(client.ask("RCPT TO:<a@example.net>")).startsWith("250");
      assertThat(client.ask("RCPT TO:<b@EXAMPLE.net>")).startsWith("250");
      assertThat(client.ask("RCPT TO:<a@example.org>")).startsWith("452 4.5.3");
    }
  }

  @Test
  void oneMailTooManyEndsTheConnection() throws IOException {
    try (MailSink sink = limited("MAILMAX=2");
        ScriptedClient client = ScriptedClient.greeted(sink)) {
      assertThat(client.mail("a@example.net")).startsWith("250");
      assertThat(client.mail("b@example.net")).startsWith("250");
      assertThat(client.ask("MAIL FROM:<>")).startsWith("421");
      assertThat(client.reply()).isEqualTo("closed");
      assertThat(sink.counts().accepted()).isEqualTo(2);
    }
  }

  private static MailSink limited(String limits) throws IOException {
    return MailSink.start(SinkConfig.named("s").limited(Limits.parse(limits).orElseThrow()));
  }
}
