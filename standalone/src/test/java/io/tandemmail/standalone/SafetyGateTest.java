package io.tandemmail.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafetyGateTest {
  /** A name that nobody has: whoever asks for Kafka hears so at once, and ends with 69. */
  private static final String NO_KAFKA = "no-such-host.invalid:9092";

  @TempDir Path folder;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @ParameterizedTest
  @ValueSource(strings = {"ingest", "router", "worker", "standalone"})
  void allUnsafeClientPropertiesEndTheStartWith78BeforeAnyConnection(String service)
      throws IOException {
    String config = config("acks: 1, consumer.auto.offset.reset: latest, num.standby.replicas: 0");

    assertThat(run(service, "--config", config)).isEqualTo(78);
    assertThat(text(err).lines())
        .satisfiesExactly(
            line ->
                assertThat(line)
                    .isEqualTo(
                        "tandem: UNSAFE "
                            + config
                            + ":1: kafka.properties.acks = 1; then not promised: that acknowledged"
                            + " mail survives the loss of a broker (I1); remove it; Tandem sets all"),
            line -> assertThat(line).contains("UNSAFE", "consumer.auto.offset.reset = latest"),
            line -> assertThat(line).contains("WEAK", "num.standby.replicas = 0"),
            line -> assertThat(line).contains("mend 2 unsafe setting(s)", "--allow-unsafe"));
  }

  @Test
  void allowUnsafeGoesOnAndSaysWhatIsThenNotPromised() throws IOException {
    assertThat(run("worker", "--allow-unsafe", "--config", config("acks: 1"))).isEqualTo(69);
    assertThat(text(err))
        .contains("tandem: warning: UNSAFE", "then not promised: that acknowledged mail survives")
        .contains("no Kafka broker answers at " + NO_KAFKA);
  }

  @Test
  void checkShowsThemAllAndTheAnswerIsNo() throws IOException {
    assertThat(run("check", "--config", config("acks: 1, num.standby.replicas: 0"))).isEqualTo(1);
    assertThat(text(out))
        .contains("PROBLEM UNSAFE", "kafka.properties.acks = 1")
        .contains("WARNING WEAK", "kafka.properties.num.standby.replicas = 0")
        .contains("brokers and topics not asked: no Kafka broker answers at " + NO_KAFKA);
  }

  @Test
  void checkOfSafeSettingsIsFineBeforeTheBrokersRun() throws IOException {
    assertThat(run("check", "--config", config("security.protocol: PLAINTEXT"))).isZero();
    assertThat(text(out)).doesNotContain("UNSAFE", "WEAK");
  }

  private String config(String properties) throws IOException {
    String yaml =
        """
        kafka: { bootstrap-servers: "%s", properties: { %s } }
        servers: { a: { host: 127.0.0.1 }, b: { host: 127.0.0.1 } }
        routes: { default: { primary: a, secondary: b } }
        """
            .formatted(NO_KAFKA, properties);
    return Files.writeString(folder.resolve("tandem.yaml"), yaml).toString();
  }

  private static String text(ByteArrayOutputStream of) {
    return of.toString(StandardCharsets.UTF_8);
  }

  private int run(String... args) {
    PrintStream oldOut = System.out;
    PrintStream oldErr = System.err;
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    try {
      return Main.run(args);
    } finally {
      System.setOut(oldOut);
      System.setErr(oldErr);
    }
  }
}
