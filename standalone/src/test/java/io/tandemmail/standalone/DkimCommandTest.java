package io.tandemmail.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DkimCommandTest {
  /** The key of RFC 8463 appendix A.2, as PKCS#8. */
  private static final String RFC8463_KEY =
      """
      -----BEGIN PRIVATE KEY-----
      MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g
      -----END PRIVATE KEY-----
      """;

  @TempDir Path folder;
  private final InProcess tandem = new InProcess();

  @Test
  void recordPrintsWhatToPublish() throws IOException {
    Path key = Files.writeString(folder.resolve("key.pem"), RFC8463_KEY);
    String entry =
        "dkim: [{ domain: football.example.com, selector: brisbane, key-file: " + key + " }]";

    assertThat(tandem.run("dkim", "record", "--config", config(entry))).isZero();
    assertThat(tandem.out())
        .isEqualTo(
            "brisbane._domainkey.football.example.com. IN TXT"
                + " \"v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\"\n");
  }

  @Test
  void keysThatCannotBeUsedAreAConfigurationProblem() throws IOException {
    String config =
        config(
            "dkim: [{ domain: a.com, selector: x, key-file: x }, { domain: b.com, selector: y, key-file: y }]");

    assertThat(tandem.run("dkim", "record", "--config", config)).isEqualTo(78);
    assertThat(tandem.run("standalone", "--config", config)).isEqualTo(78);
    assertThat(tandem.err().lines())
        .hasSize(4)
        .allMatch(line -> line.startsWith("tandem: routes.default.dkim."))
        .allMatch(line -> line.contains("cannot be read (no such file); give "));
    assertThat(tandem.run("check", "--config", config)).isEqualTo(1);
    assertThat(tandem.out())
        .contains("PROBLEM routes.default.dkim.0.key-file: x cannot be read")
        .contains("PROBLEM routes.default.dkim.1.key-file: y cannot be read");
  }

  @Test
  void withoutKeysTheAnswerIsNo() throws IOException {
    assertThat(tandem.run("dkim", "record", "--config", config(""))).isEqualTo(1);
    assertThat(tandem.err()).contains("no route has DKIM keys");
  }

  private String config(String dkim) throws IOException {
    String yaml =
        """
        kafka: { embedded: { data-dir: %s } }
        servers: { a: { host: 127.0.0.1 }, b: { host: 127.0.0.1 } }
        routes:
          default:
            primary: a
            secondary: b
            %s
        """
            .formatted(folder.resolve("data"), dkim);
    return Files.writeString(folder.resolve("tandem.yaml"), yaml).toString();
  }
}
