package io.tandemmail.smtp.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.smtp.server.ChunkArgument.End;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SmtpSyntaxTest {
  @Test
  void verbsIgnoreCaseAndArgumentsDoNot() {
    assertThat(SmtpCommand.parse("rcpt TO:<Ann@Example.net>"))
        .isEqualTo(new SmtpCommand("RCPT", "TO:<Ann@Example.net>"));
    assertThat(SmtpCommand.parse("Quit")).isEqualTo(new SmtpCommand("QUIT", ""));
  }

  @Test
  void aPathHasAnAddressAndParameters() {
    assertThat(PathArgument.parse("FROM", "from:<a@b.example> SIZE=12 SMTPUTF8"))
        .contains(new PathArgument("a@b.example", Map.of("SIZE", "12", "SMTPUTF8", "")));
    assertThat(PathArgument.parse("FROM", "FROM:<>")).contains(new PathArgument("", Map.of()));
    assertThat(PathArgument.parse("TO", "TO:<\"a>b\"@c.example>"))
        .contains(new PathArgument("\"a>b\"@c.example", Map.of()));
    assertThat(PathArgument.parse("TO", "TO:<@relay.example:a@b.example>"))
        .contains(new PathArgument("a@b.example", Map.of()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "TO:a@b.example",
        "TO:<a@b.example",
        "FROM:<a@b.example>",
        "TO:<\"a>@b.example"
      })
  void otherArgumentsAreNoPath(String argument) {
    assertThat(PathArgument.parse("TO", argument)).isEmpty();
  }

  @Test
  void aChunkHasASizeAndMayBeTheLast() {
    assertThat(ChunkArgument.parse("12")).contains(new ChunkArgument(12, End.OPEN));
    assertThat(ChunkArgument.parse("0  last")).contains(new ChunkArgument(0, End.LAST));
    assertThat(ChunkArgument.parse("7 LASTLY")).contains(new ChunkArgument(7, End.UNKNOWN));
    for (String unreadable : new String[] {"", "LAST", "+1", "1.5", "1234567890123456789"}) {
      assertThat(ChunkArgument.parse(unreadable)).as(unreadable).isEmpty();
    }
  }

  @Test
  void plainCredentialsAreTheSecondAndThirdPart() {
    assertThat(Credentials.ofPlain(base64("\0ann\0secret")))
        .contains(new Credentials("ann", "secret"));
    assertThat(Credentials.ofPlain(base64("ann\0secret"))).isEmpty();
    assertThat(Credentials.ofPlain("*")).isEmpty();
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(bytes(text));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
