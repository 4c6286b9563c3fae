package io.tandemmail.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.sink.wire.Mechanism;
import io.tandemmail.sink.wire.Mechanism.Verdict;
import io.tandemmail.smtp.server.Credentials;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.EnumSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** AUTH (RFC 4954) by each mechanism. */
class AuthTest {
  private MailSink sink;
  private ScriptedClient client;

  @BeforeEach
  void start() throws IOException {
    sink = MailSink.start(SinkConfig.named("s").requiring(new Credentials("ann", "secret")));
    client = ScriptedClient.greeted(sink);
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    sink.close();
  }

  /** The example of RFC 2195 section 2. */
  @Test
  void cramMd5IsTheDigestOfTheRfcsExample() throws IOException {
    Credentials tim = new Credentials("tim", "tanstaaftanstaaf");
    String challenge = "<1896.697170952@postoffice.reston.mci.net>";
    Verdict verdict =
        Mechanism.CRAM_MD5.check(
            tim,
            "",
            challenge,
            asked -> {
              assertThat(asked).isEqualTo(base64(challenge));
              return "dGltIGI5MTNhNjAyYzdlZGE3YTQ5NWI0ZTZlNzMzNGQzODkw";
            });
    assertThat(verdict).isEqualTo(Verdict.WELCOME);
  }

  @Test
  void cramMd5NeverChallengesTwiceAlikeAndRefusesAnOldAnswer() throws IOException {
    String first = client.ask("AUTH CRAM-MD5");
    assertThat(client.ask(base64("ann 00"))).startsWith("535");
    assertThat(client.ask("AUTH CRAM-MD5")).startsWith("334 ").isNotEqualTo(first);
    assertThat(client.ask("*")).startsWith("501");
  }

  @Test
  void aBearerTokenIsThePassword() throws IOException {
    assertThat(client.ask("AUTH XOAUTH2 " + base64("user=ann\1auth=Bearer secret\1\1")))
        .startsWith("235");
    assertThat(client.mail("bob@example.net")).startsWith("250");
  }

  @Test
  void aWrongTokenIsExplainedBeforeItIsRefused() throws IOException {
    String reply = client.ask("AUTH XOAUTH2 " + base64("user=ann\1auth=Bearer old\1\1"));
    assertThat(new String(Base64.getDecoder().decode(reply.substring(4))))
        .contains("\"status\":\"401\"");
    assertThat(client.ask("")).startsWith("535");
    assertThat(client.mail("bob@example.net")).startsWith("530");
  }

  @ParameterizedTest
  @ValueSource(strings = {"PLAIN", "LOGIN", "CRAM-MD5", "XOAUTH2"})
  void theClientMayCancel(String mechanism) throws IOException {
    assertThat(client.ask("AUTH " + mechanism)).startsWith("334");
    assertThat(client.ask("*")).startsWith("501");
    assertThat(client.ask("NOOP")).startsWith("250");
  }

  @Test
  void loginMayBeginWithTheUser() throws IOException {
    assertThat(client.ask("AUTH LOGIN " + base64("ann"))).isEqualTo("334 " + base64("Password:"));
    assertThat(client.ask(base64("wrong"))).startsWith("535");
    client.ask("AUTH LOGIN " + base64("bob"));
    assertThat(client.ask(base64("secret"))).startsWith("535");
  }

  @Test
  void onceIsEnough() throws IOException {
    assertThat(client.ask("AUTH PLAIN " + base64("\0ann\0secret"))).startsWith("235");
    assertThat(client.ask("AUTH PLAIN " + base64("\0ann\0secret"))).startsWith("503");
  }

  @Test
  void onlyWhatIsOfferedIsTaken() throws IOException {
    SinkConfig config =
        SinkConfig.named("s")
            .requiring(new Credentials("ann", "secret"))
            .authenticating(EnumSet.of(Mechanism.CRAM_MD5));
    try (MailSink other = MailSink.start(config);
        ScriptedClient sender = ScriptedClient.greeted(other)) {
      assertThat(sender.ask("EHLO x")).endsWith("250 AUTH CRAM-MD5");
      assertThat(sender.ask("AUTH PLAIN " + base64("\0ann\0secret"))).startsWith("504");
      assertThat(sender.ask("AUTH GSSAPI")).startsWith("504");
    }
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
