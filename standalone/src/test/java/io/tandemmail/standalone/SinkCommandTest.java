package io.tandemmail.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.sink.MailSink;
import io.tandemmail.sink.SinkConfig;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** {@code tandem sink} hands the sink every word. */
class SinkCommandTest {
  private record Ended(int code, String out, String err) {}

  @Test
  void helpShowsEveryOptionOfTheSink() {
    assertThat(run("sink", "--help"))
        .satisfies(ended -> assertThat(ended.code()).isZero())
        .satisfies(ended ->
            assertThat(ended.out())
                .contains("--port", "--tls", "--login", "--mechanisms", "--limits")
                .contains("--fsync", "--keep", "--latency", "--without", "--http"));
  }

  @Test
  void whatIsWrongIsSaidByTheSink() {
    Ended ended = run("sink", "--name", "mx-a", "--without", "COLOUR");
    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.err()).contains("--without cannot be 'COLOUR'").contains("--help");
  }

  @Test
  void allOptionsReachTheSinkBeforeItFindsItsPortInUse() throws Exception {
    try (MailSink other = MailSink.start(SinkConfig.named("other"))) {
      Ended ended =
          run(
              ("sink --port="
                      + other.port()
                      + " --latency-millis 5 --keep --login a:b"
                      + " --limits MAILMAX=5 --mechanisms PLAIN --behave 421-greeting")
                  .split(" "));
      assertThat(ended.code()).isEqualTo(69);
      assertThat(ended.err()).contains("127.0.0.1:" + other.port());
    }
  }

  private static Ended run(String... words) {
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    ByteArrayOutputStream complained = new ByteArrayOutputStream();
    try {
      System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
      System.setErr(new PrintStream(complained, true, StandardCharsets.UTF_8));
      int code = Main.run(words);
      return new Ended(
          code, said.toString(StandardCharsets.UTF_8), complained.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }
}
