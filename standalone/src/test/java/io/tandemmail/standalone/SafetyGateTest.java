package io.tandemmail.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
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
  private final InProcess tandem = new InProcess();

  @ParameterizedTest
  @ValueSource(strings = {"ingest", "router", "worker", "standalone"})
  void allUnsafeClientPropertiesEndTheStartWith78BeforeAnyConnection(String service)
      throws IOException {
    String config = config("acks: 1, consumer.auto.offset.reset: latest, num.standby.replicas: 0");

    assertThat(tandem.run(service, "--config", config)).isEqualTo(78);
    assertThat(tandem.err().lines())
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
    assertThat(tandem.run("worker", "--allow-unsafe", "--config", config("acks: 1"))).isEqualTo(69);
    assertThat(tandem.err())
        .contains("tandem: warning: UNSAFE", "then not promised: that acknowledged mail survives")
        .contains("no Kafka broker answers at " + NO_KAFKA);
  }

  @Test
  void checkShowsThemAllAndTheAnswerIsNo() throws IOException {
    assertThat(tandem.run("check", "--config", config("acks: 1, num.standby.replicas: 0")))
        .isEqualTo(1);
    assertThat(tandem.out())
        .contains("PROBLEM UNSAFE", "kafka.properties.acks = 1")
        .contains("WARNING WEAK", "kafka.properties.num.standby.replicas = 0")
        .contains("brokers and topics not asked: no Kafka broker answers at " + NO_KAFKA);
  }

  @Test
  void checkFindsNothingUnsafeBeforeTheBrokersRun() throws IOException {
    assertThat(tandem.run("check", "--config", config("security.protocol: PLAINTEXT"))).isOne();
    assertThat(tandem.out())
        .doesNotContain("UNSAFE", "WEAK")
        .as("but nobody answers as a or b")
        .contains("PROBLEM routes.default: server b: reach: ", ": 2 problem(s)");
    assertThat(tandem.run("check", "--offline", "--config", config("security.protocol: PLAINTEXT")))
        .isZero();
  }

  private String config(String properties) throws IOException {
    String yaml =
        """
        kafka: { bootstrap-servers: "%s", properties: { %s } }
        servers: { a: { host: 127.0.0.1, port: 1 }, b: { host: 127.0.0.1, port: 1 } }
        routes: { default: { primary: a, secondary: b } }
        """
            .formatted(NO_KAFKA, properties);
    return Files.writeString(folder.resolve("tandem.yaml"), yaml).toString();
  }
}
