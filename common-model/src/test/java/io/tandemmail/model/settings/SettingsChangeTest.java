package io.tandemmail.model.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsChangeTest {
  private static final String YAML =
      """
      kafka: { bootstrap-servers: "b:9092", partitions: 4, properties: { client.rack: r1 } }
      ingest: { http: { port: 8080 }, smtp: { port: 2525 }, max-message-size: 10MiB, min-free-disk: 2GiB }
      console: { port: 8081 }
      router: { http: { port: 8082 } }
      worker: { max-unrecorded: 256 }
      servers: { a: { host: h, max-rate: 10/s }, b: { host: h } }
      routes: { default: { primary: a, retry: { first: 1m } } }
      health: { ramp: 30s }
      """;

  @ParameterizedTest
  @CsvSource({
    "partitions: 4, partitions: 8, kafka",
    "client.rack: r1, client.rack: r2, kafka",
    "port: 8080, port: 8090, ingest.http",
    "port: 2525, port: 2526, ingest.smtp",
    "10MiB, 11MiB, ingest.max-message-size",
    "port: 8081, port: 8091, console",
    "port: 8082, port: 8092, router",
    "max-unrecorded: 256, max-unrecorded: 255, worker"
  })
  void whatIsBoundOrConnectedNeedsARestart(String from, String to, String key) {
    assertThat(SettingsChange.needsRestart(read(YAML), read(YAML.replace(from, to))))
        .containsExactly(key);
  }

  @ParameterizedTest
  @CsvSource({
    "primary: a, primary: b",
    "host: h, host: i",
    "10/s, 20/s",
    "first: 1m, first: 2m",
    "ramp: 30s, ramp: 31s",
    "2GiB, 3GiB"
  })
  void routesServersCapsRetryHealthAndTheLimitOfDisksDoNot(String from, String to) {
    Settings changed = read(YAML.replace(from, to));
    assertThat(changed).isNotEqualTo(read(YAML));
    assertThat(SettingsChange.needsRestart(read(YAML), changed)).isEmpty();
  }

  private static Settings read(String yaml) {
    return ((SettingsResult.Valid) SettingsReader.read("test", yaml, Map.of())).settings();
  }
}
