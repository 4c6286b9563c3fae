package io.tandemmail.sink.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.sink.Behaviour;
import io.tandemmail.sink.Behaviour.Reply;
import io.tandemmail.sink.Behaviour.Stage;
import io.tandemmail.sink.MailSink;
import io.tandemmail.sink.SinkConfig;
import io.tandemmail.sink.SinkMain;
import io.tandemmail.sink.process.SinkArguments.Help;
import io.tandemmail.sink.process.SinkArguments.Right;
import io.tandemmail.sink.process.SinkArguments.Wrong;
import io.tandemmail.sink.wire.Mechanism;
import io.tandemmail.smtp.server.Credentials;
import io.tandemmail.smtp.server.Limits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SinkArgumentsTest {
  @Test
  void allOptionsAreUnderstood() {
    String line =
        "--port 0 --address 127.0.0.2 --name mx-a --log a.jsonl --fsync --keep --behave 421-greeting --latency 20ms"
            + " --login ann:a:b --mechanisms cram-md5,XOAUTH2 --without PIPELINING --without=DSN --http=8025"
            + " --limits rcptmax=10,MAILMAX=5";
    SinkArguments arguments =
        ((Right) SinkArguments.parse(Arrays.asList(line.split(" ")))).arguments();

    SinkConfig config = arguments.config();
    assertThat(config.name()).isEqualTo("mx-a");
    assertThat(config.address()).isEqualTo("127.0.0.2");
    assertThat(config.port()).isZero();
    assertThat(config.recording().log()).contains(Path.of("a.jsonl"));
    assertThat(config.recording().fsync()).isTrue();
    assertThat(config.recording().keep()).isTrue();
    assertThat(config.protocol().login()).contains(new Credentials("ann", "a:b"));
    assertThat(config.protocol().offered())
        .doesNotContain(SinkConfig.Extension.PIPELINING)
        .doesNotContain(SinkConfig.Extension.DSN)
        .hasSize(5);
    assertThat(config.protocol().mechanisms())
        .containsExactlyInAnyOrder(Mechanism.CRAM_MD5, Mechanism.XOAUTH2);
    assertThat(config.protocol().limits())
        .isEqualTo(new Limits(Map.of(Limits.RCPT, 10, Limits.MAIL, 5)));
    assertThat(arguments.behaviour()).isEqualTo(new Reply(Stage.GREETING, 421));
    assertThat(arguments.latency()).isEqualTo(Duration.ofMillis(20));
    assertThat(arguments.controlPort()).isEqualTo(8025);
  }

  @Test
  void withoutOptionsItListensOnLoopback() {
    SinkArguments arguments = ((Right) SinkArguments.parse(List.of())).arguments();
    assertThat(arguments.config().address()).isEqualTo("127.0.0.1");
    assertThat(arguments.behaviour()).isEqualTo(Behaviour.NORMAL);
  }

  @Test
  void theOlderSpellingOfLatencyMeansTheSame() {
    assertThat(SinkArguments.parse(List.of("--latency-millis", "20")))
        .isInstanceOfSatisfying(
            Right.class,
            right -> assertThat(right.arguments().latency()).isEqualTo(Duration.ofMillis(20)));
  }

  @Test
  void helpNamesEveryOption() {
    assertThat(SinkArguments.parse(List.of("--port", "x", "--help")))
        .isInstanceOfSatisfying(
            Help.class,
            help ->
                assertThat(String.join(" ", help.lines()))
                    .contains("--tls", "--login", "--mechanisms", "--fsync", "--without")
                    .contains("--keep", "--latency", "--limits", "--behave", "--http"));
  }

  @Test
  void aPasswordIsNotRepeated() {
    assertThat(SinkArguments.parse(List.of("--tls", "missing.p12:s3cret")))
        .isInstanceOfSatisfying(
            Wrong.class, wrong -> assertThat(wrong.problem()).doesNotContain("s3cret"));
  }

  @ParameterizedTest
  @CsvSource({
    "--port 70000, 70000",
    "--port x, 'x'",
    "--behave nice, nice",
    "--latency 20, 20",
    "--http -1, -1",
    "--login ann, USER:PASSWORD",
    "--tls missing.p12:x, missing.p12",
    "--without COLOUR, CHUNKING",
    "--login ann:, ann",
    "--limits RCPTMAX=0, RCPTMAX=0",
    "--limits RCPTMAX=1;MAILMAX=2, MAILMAX",
    "--mechanisms PLAIN;, CRAM-MD5",
    "--keep=yes, --keep takes no value",
    "--latency-millis -1, -1",
    "--colour, --colour",
    "--port, needs a value"
  })
  void whatIsWrongIsNamed(String line, String named) {
    assertThat(SinkArguments.parse(Arrays.asList(line.split(" "))))
        .isInstanceOfSatisfying(Wrong.class, wrong -> assertThat(wrong.problem()).contains(named));
  }

  @Test
  void wrongArgumentsEndWith2AndAPortInUseWith69() throws Exception {
    assertThat(SinkMain.run(new String[] {"--port", "x"})).isEqualTo(2);
    try (MailSink sink = MailSink.start(SinkConfig.named("s"))) {
      assertThat(SinkMain.run(new String[] {"--port", "" + sink.port()})).isEqualTo(69);
    }
  }
}
