package io.tandemmail.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.sink.SinkConfig.Extension;
import io.tandemmail.sink.wire.DsnRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a sender asks to be told of (RFC 3461). */
class DsnTest {
  @TempDir Path folder;

  @Test
  void whatIsAskedForIsRecordedInPlainText() throws IOException {
    Path log = folder.resolve("s.jsonl");
    try (MailSink sink = MailSink.start(SinkConfig.named("s").keeping().loggingTo(log));
        ScriptedClient client = ScriptedClient.greeted(sink)) {
      assertThat(client.ask("MAIL FROM:<a@example.com> RET=hdrs ENVID=QQ+2B314+3D"))
          .startsWith("250");
      assertThat(
              client.ask(
                  "RCPT TO:<b@example.net> NOTIFY=Success,DELAY ORCPT=rfc822;b+2Bx@example.net"))
          .startsWith("250");
      assertThat(client.ask("RCPT TO:<550-rcpt@example.net> NOTIFY=NEVER")).startsWith("550");
      assertThat(client.ask("RCPT TO:<c@example.net>")).startsWith("250");
      client.ask("DATA");
      assertThat(client.ask("x\r\n.")).startsWith("250");
      assertThat(client.mail("ann@example.net")).startsWith("250");

      assertThat(sink.received().getFirst().dsn())
          .isEqualTo(
              new DsnRequest(
                  "HDRS",
                  "QQ+314=",
                  List.of(
                      new DsnRequest.Recipient("SUCCESS,DELAY", "rfc822;b+x@example.net"),
                      new DsnRequest.Recipient("", ""))));
      assertThat(sink.received().getLast().dsn().isEmpty()).isTrue();
    }
    assertThat(Files.readAllLines(log).getFirst())
        .endsWith(
            "\"dsn\":{\"ret\":\"HDRS\",\"envid\":\"QQ+314=\",\"rcpt\":["
                + "{\"notify\":\"SUCCESS,DELAY\",\"orcpt\":\"rfc822;b+x@example.net\"},"
                + "{\"notify\":\"\",\"orcpt\":\"\"}]}}");
    assertThat(Files.readAllLines(log).getLast()).doesNotContain("dsn");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "MAIL FROM:<> RET=ALL",
        "MAIL FROM:<> RET",
        "MAIL FROM:<> ENVID=",
        "MAIL FROM:<> ENVID=a+2b",
        "MAIL FROM:<> ENVID=a=b",
        "RCPT TO:<b@example.net> NOTIFY=",
        "RCPT TO:<b@example.net> NOTIFY=NEVER,DELAY",
        "RCPT TO:<b@example.net> NOTIFY=DELAY,DELAY",
        "RCPT TO:<b@example.net> NOTIFY=SOMETIMES",
        "RCPT TO:<b@example.net> ORCPT=b@example.net",
        "RCPT TO:<b@example.net> ORCPT=rfc822;a+zz"
      })
  void whatTheRfcDoesNotAllowIsRefused(String command) throws IOException {
    try (MailSink sink = MailSink.start(SinkConfig.named("s"));
        ScriptedClient client = ScriptedClient.greeted(sink)) {
      if (command.startsWith("RCPT")) {
        client.ask("MAIL FROM:<>");
      }
      assertThat(client.ask(command)).startsWith("501");
    }
  }

  @Test
  void aLongEnvelopeIdIsRefused() throws IOException {
    try (MailSink sink = MailSink.start(SinkConfig.named("s"));
        ScriptedClient client = ScriptedClient.greeted(sink)) {
      assertThat(client.ask("MAIL FROM:<> ENVID=" + "x".repeat(101))).startsWith("501");
      assertThat(client.ask("MAIL FROM:<> ENVID=" + "x".repeat(100))).startsWith("250");
    }
  }

  @Test
  void recipientsParametersNeedTheOfferToo() throws IOException {
    try (MailSink sink = MailSink.start(SinkConfig.named("s").without(Extension.DSN));
        ScriptedClient client = ScriptedClient.greeted(sink)) {
      client.ask("MAIL FROM:<>");
      assertThat(client.ask("RCPT TO:<b@example.net> NOTIFY=NEVER")).startsWith("555");
      assertThat(client.ask("RCPT TO:<b@example.net> RET=FULL")).startsWith("555");
    }
  }
}
