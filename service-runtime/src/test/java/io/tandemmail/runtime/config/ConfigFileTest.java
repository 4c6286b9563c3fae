package io.tandemmail.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.model.settings.Settings;
import io.tandemmail.model.settings.SettingsReader;
import io.tandemmail.model.settings.SettingsResult;
import io.tandemmail.runtime.config.ConfigFile.Refused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigFileTest {
  private static final String YAML =
      """
      kafka: { bootstrap-servers: "b:9092", partitions: 4 }
      servers: { a: { host: h }, b: { host: h } }
      routes: { default: { primary: a } }
      """;

  @TempDir Path folder;
  private final List<Settings> told = new ArrayList<>();
  private Path yaml;
  private Live<Settings> settings;
  private ConfigFile file;

  @BeforeEach
  void start() throws IOException {
    yaml = folder.resolve("tandem.yaml");
    Files.writeString(yaml, YAML);
    settings =
        Live.of(
            ((SettingsResult.Valid) SettingsReader.read(yaml.toString(), YAML, Map.of()))
                .settings());
    settings.onChange(told::add);
    file = new ConfigFile(yaml, Map.of(), YAML, settings);
  }

  @AfterEach
  void stop() {
    file.close();
  }

  @Test
  void whatIsInUseIsNotTakenAgain() {
    lookTwice();
    assertThat(told).isEmpty();
  }

  @Test
  void aChangeIsTakenOnceItStandsStill() throws IOException {
    write(YAML.replace("primary: a", "primary: b"));
    file.look();
    assertThat(told).as("somebody may still be writing").isEmpty();
    file.look();
    assertThat(settings.get().routes().get("default").primary()).isEqualTo("b");
    lookTwice();
    assertThat(told).as("once").hasSize(1);
  }

  @Test
  void aFileThatIsWrongSomewhereChangesNothingAnywhere() throws IOException {
    write(YAML.replace("primary: a", "primary: b") + "health: { rampp: 3s }\n");
    lookTwice();
    assertThat(told).isEmpty();
    assertThat(settings.get().routes().get("default").primary()).isEqualTo("a");
    write(YAML.replace("primary: a", "primary: b"));
    lookTwice();
    assertThat(told).hasSize(1);
  }

  @Test
  void aFileThatIsGoneChangesNothing() throws IOException {
    Files.delete(yaml);
    lookTwice();
    write(YAML);
    lookTwice();
    assertThat(settings.get().routes().get("default").primary()).isEqualTo("a");
  }

  @Test
  void whatNeedsARestartIsRefusedWithEverythingElse() throws IOException {
    write(YAML.replace("primary: a", "primary: b").replace("partitions: 4", "partitions: 8"));
    lookTwice();
    assertThat(told).isEmpty();
  }

  @Test
  void aGateIsAskedAgainUntilItPasses() throws IOException {
    AtomicInteger asked = new AtomicInteger();
    file.withGate(next -> {
      if (asked.incrementAndGet() < 3) {
        throw Refused.untilLater("not yet");
      }
    });
    write(YAML.replace("primary: a", "primary: b"));
    lookTwice();
    assertThat(told).isEmpty();
    lookTwice();
    assertThat(told).hasSize(1);
    assertThat(asked).hasValue(3);
  }

  @Test
  void aGateThatSaysNoIsNotAskedAgainForTheSameFile() throws IOException {
    AtomicInteger asked = new AtomicInteger();
    file.withGate(next -> {
      asked.incrementAndGet();
      throw Refused.because("no");
    });
    write(YAML.replace("primary: a", "primary: b"));
    lookTwice();
    lookTwice();
    assertThat(asked).hasValue(1);
    assertThat(told).isEmpty();
  }

  @Test
  void whatCannotBeMadeOfItIsARefusal() throws IOException {
    Live<String> derived =
        settings.map(now -> {
          if (now.routes().get("default").primary().equals("b")) {
            throw new IllegalArgumentException("cannot read the key of b");
          }
          return now.hash();
        });
    String before = derived.get();
    write(YAML.replace("primary: a", "primary: b"));
    lookTwice();
    assertThat(told).isEmpty();
    assertThat(derived.get()).isEqualTo(before);
  }

  @Test
  void aKeyFileWithOtherContentIsReadAgain() throws IOException {
    Path key = folder.resolve("dkim.pem");
    Files.writeString(key, "one");
    String signed =
        YAML.replace(
            "{ primary: a }",
            "{ primary: a, dkim: [{ domain: example.com, selector: s, key-file: '%s' }] }"
                .formatted(key));
    write(signed);
    lookTwice();
    assertThat(told).hasSize(1);
    Files.writeString(key, "two");
    lookTwice();
    assertThat(told).hasSize(2);
  }

  private void write(String content) throws IOException {
    Files.writeString(yaml, content);
  }

  private void lookTwice() {
    file.look();
    file.look();
  }
}
