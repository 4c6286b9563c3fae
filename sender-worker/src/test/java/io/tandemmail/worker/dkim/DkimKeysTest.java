package io.tandemmail.worker.dkim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandemmail.model.settings.DkimKeySettings;
import io.tandemmail.model.settings.SettingsReader;
import io.tandemmail.model.settings.SettingsResult;
import io.tandemmail.runtime.config.Live;
import io.tandemmail.worker.WorkerService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DkimKeysTest {
  @TempDir Path folder;

  @Test
  void pkcs8AndPkcs1AreTheSameKey() {
    String published = record(TestKeys.pkcs8(TestKeys.rsa()));

    assertThat(published)
        .isEqualTo("v=DKIM1; k=rsa; p=" + base64(TestKeys.rsa().getPublic().getEncoded()));
    assertThat(record(TestKeys.pkcs1(TestKeys.rsa()))).isEqualTo(published);
    assertThat(record("a comment\n" + TestKeys.pkcs8(TestKeys.rsa()).replace("\n", "\r\n")))
        .isEqualTo(published);
  }

  @Test
  void theEd25519KeyIsPublishedBareAsRfc8463Does() {
    byte[] head = Base64.getDecoder().decode("MC4CAQAwBQYDK2VwBCIEIA==");
    byte[] seed = Base64.getDecoder().decode("nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=");
    byte[] pkcs8 = new byte[head.length + seed.length];
    System.arraycopy(head, 0, pkcs8, 0, head.length);
    System.arraycopy(seed, 0, pkcs8, head.length, seed.length);

    assertThat(record(TestKeys.pem("PRIVATE KEY", pkcs8)))
        .isEqualTo("v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=");
  }

  @Test
  void aLongRecordIsSplitIntoStringsOf255() {
    KeyRecord record = new KeyRecord("s1._domainkey.example.com", "x".repeat(300));

    assertThat(record.zoneLine())
        .isEqualTo(
            "s1._domainkey.example.com. IN TXT \""
                + "x".repeat(255)
                + "\" \""
                + "x".repeat(45)
                + "\"");
  }

  @Test
  void everythingWrongIsToldAtOnceWithoutAnyKeyMaterial() {
    KeyPair small = TestKeys.pair("RSA", 1024);
    String damaged = TestKeys.pkcs8(TestKeys.rsa()).replaceFirst("\n.{40}", "\n");
    DkimKeys keys =
        TestKeys.keys(
            entry("missing", folder.resolve("missing.pem")),
            entry("folder", folder),
            entry("small", TestKeys.file(folder, "small", TestKeys.pkcs8(small))),
            entry("small1", TestKeys.file(folder, "small1", pkcs1Of1024(small))),
            entry("ec", TestKeys.file(folder, "ec", TestKeys.pkcs8(TestKeys.pair("EC", 256)))),
            entry("x", TestKeys.file(folder, "x", TestKeys.pkcs8(TestKeys.pair("X25519", 255)))),
            entry("text", TestKeys.file(folder, "text", "hello")),
            entry("damaged", TestKeys.file(folder, "damaged", damaged)),
            entry(
                "public",
                TestKeys.file(
                    folder, "public", TestKeys.pem("PUBLIC KEY", small.getPublic().getEncoded()))),
            entry(
                "encrypted",
                TestKeys.file(
                    folder, "encrypted", TestKeys.pem("ENCRYPTED PRIVATE KEY", new byte[99]))),
            entry(
                "encrypted1",
                TestKeys.file(
                    folder,
                    "encrypted1",
                    "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nAAAA\n"
                        + "-----END RSA PRIVATE KEY-----\n")),
            entry("big", TestKeys.file(folder, "big", "x".repeat(70_000))));

    List<String> problems = keys.problems();
    assertThat(problems).hasSize(12);
    assertThat(problems.get(0))
        .isEqualTo(
            "routes.default.dkim.0.key-file: "
                + folder.resolve("missing.pem")
                + " cannot be read (no such file); give a private key in PEM that the worker's user may read");
    assertThat(problems.get(1)).contains("cannot be read");
    assertThat(problems.get(2)).contains("RSA key of 1024 bits", "openssl genrsa");
    assertThat(problems.get(3)).contains("RSA key of 1024 bits");
    assertThat(problems.subList(4, 6)).allMatch(line -> line.contains("no RSA or Ed25519"));
    assertThat(problems.get(6)).contains("is not PEM");
    assertThat(problems.get(7)).contains("damaged");
    assertThat(problems.get(8)).contains("holds a public key");
    assertThat(problems.subList(9, 11)).allMatch(line -> line.contains("is encrypted"));
    assertThat(problems.get(11)).contains("too large");
    String material = base64(TestKeys.rsa().getPrivate().getEncoded()).substring(60, 80);
    assertThat(String.join("\n", problems)).doesNotContain(material, "AAAA");
    assertThatThrownBy(keys::orThrow)
        .isInstanceOfSatisfying(
            DkimKeys.UnusableKeys.class, e -> assertThat(e.problems()).hasSize(12));
  }

  @Test
  void oneNameInTheDnsPublishesOneKey() {
    Path rsa = TestKeys.file(folder, "rsa", TestKeys.pkcs8(TestKeys.rsa()));
    Path other = TestKeys.file(folder, "other", TestKeys.pkcs8(TestKeys.ed25519()));
    DkimKeys keys =
        DkimKeys.read(
            List.of(
                TestKeys.route("a", entry("s1", rsa)),
                TestKeys.route("b", entry("s1", rsa)),
                TestKeys.route("c", entry("s1", other))),
            Optional.empty());

    assertThat(keys.problems()).hasSize(1);
    assertThat(keys.problems().getFirst())
        .startsWith("routes.c.dkim.0.key-file: " + other)
        .contains("s1._domainkey.example.com");
    assertThat(keys.records()).hasSize(1);
  }

  @Test
  void aKeyThatEverybodyCanReadIsWarnedAbout() throws IOException {
    Path file = TestKeys.file(folder, "rsa", TestKeys.pkcs8(TestKeys.rsa()));
    if (!Files.getFileStore(file).supportsFileAttributeView("posix")) {
      return;
    }
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(TestKeys.keys(entry("s1", file)).warnings())
        .containsExactly(file + " can be read by every user of this machine; chmod 600 it, or 640");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    assertThat(TestKeys.keys(entry("s1", file)).warnings()).isEmpty();
  }

  @Test
  void aWorkerDoesNotStartWithKeysItCannotUse() {
    String yaml =
        """
        servers: { a: { host: h } }
        routes:
          default: { primary: a, dkim: [{ domain: example.com, selector: s1, key-file: %s }] }
        """
            .formatted(folder.resolve("missing.pem"));
    SettingsResult result = SettingsReader.read("tandem.yaml", yaml, Map.of());

    assertThat(result)
        .isInstanceOfSatisfying(
            SettingsResult.Valid.class,
            valid ->
                assertThatThrownBy(() -> WorkerService.start(Live.of(valid.settings()), "w", "1"))
                    .isInstanceOf(DkimKeys.UnusableKeys.class)
                    .hasMessageContaining("no such file"));
  }

  private String record(String pem) {
    DkimKeys keys = TestKeys.keys(entry("s1", TestKeys.file(folder, "key.pem", pem)));
    assertThat(keys.problems()).isEmpty();
    assertThat(keys.records()).hasSize(1);
    return keys.records().getFirst().text();
  }

  private static DkimKeySettings entry(String selector, Path file) {
    return new DkimKeySettings("example.com", selector, file);
  }

  private static String pkcs1Of1024(KeyPair pair) {
    byte[] pkcs8 = pair.getPrivate().getEncoded();
    byte[] pkcs1 = Arrays.copyOfRange(pkcs8, 26, pkcs8.length);
    return TestKeys.pem("RSA PRIVATE KEY", pkcs1);
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}
