package io.tandemmail.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WhatIfCommandTest {
  private static final String YAML =
      """
      kafka: { bootstrap-servers: "no-such-host.invalid:9092" }
      servers: { a: { host: 127.0.0.1 } }
      routes: { default: { primary: a } }
      """;

  @TempDir Path folder;
  private final InProcess tandem = new InProcess();
  private String running;
  private String proposed;

  @BeforeEach
  void write() throws IOException {
    running = Files.writeString(folder.resolve("tandem.yaml"), YAML).toString();
    proposed = Files.writeString(folder.resolve("new.yaml"), YAML).toString();
  }

  @Test
  void theProposedConfigurationMustBeNamed() {
    assertThat(tandem.run("what-if", "--running", running)).isEqualTo(2);
    assertThat(tandem.err()).contains("--config");
  }

  @ParameterizedTest
  @CsvSource({
    "--hours, 0, give 1 to 168",
    "--hours, 169, give 1 to 168",
    "--transaction-seconds, 0, is no time",
    "--transaction-seconds, NaN, is no time",
    "--transaction-seconds, a=fast, is no time",
    "--transaction-seconds, x=0.2, names no server; use one of a",
  })
  void aValueThatIsNoneIsAnErrorOfUsage(String option, String value, String said) {
    assertThat(tandem.run("what-if", "--config", proposed, "--running", running, option, value))
        .isEqualTo(2);
    assertThat(tandem.err()).contains(option, said);
  }

  @Test
  void aProposedConfigurationThatWouldNotStartIsNotReplayed() throws IOException {
    Files.writeString(Path.of(proposed), YAML.replace("primary: a", "primary: c"));

    assertThat(tandem.run("what-if", "--config", proposed, "--running", running)).isEqualTo(78);
    assertThat(tandem.err()).contains("new.yaml:3", "unknown server 'c'");
  }

  @Test
  void withoutKafkaThereIsNothingToReplay() {
    assertThat(tandem.run("what-if", "--config", proposed, "--running", running)).isEqualTo(69);
    assertThat(tandem.err()).contains("no Kafka broker answers");
  }
}
