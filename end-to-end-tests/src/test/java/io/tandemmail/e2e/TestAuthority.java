package io.tandemmail.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** An authority and what it signs, by openssl: certificates may also have ended, or be of somebody else. */
final class TestAuthority {
  static final String PASSWORD = "changeit";

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
  private static final String RULES =
      """
      [ca]
      default_ca = only
      [only]
      database = index.txt
      new_certs_dir = .
      default_md = sha256
      rand_serial = yes
      unique_subject = no
      policy = any
      [any]
      commonName = supplied
      """;

  private final Path folder;

  private TestAuthority(Path folder) {
    this.folder = folder;
  }

  static TestAuthority in(Path folder) throws IOException, InterruptedException {
    TestAuthority made = new TestAuthority(Files.createDirectories(folder));
    Files.writeString(folder.resolve("rules.cnf"), RULES);
    Files.writeString(folder.resolve("index.txt"), "");
    made.openssl(
        "req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=authority -keyout ca.key -out ca.pem");
    return made;
  }

  /** PEM, the authority alone. */
  Path trustStore() {
    return folder.resolve("ca.pem");
  }

  /**
   * PKCS#12 with a key and its chain.
   *
   * @param alternativeName as openssl writes it: {@code IP:127.0.0.1}
   */
  Path keyStore(String name, String alternativeName, Instant from, Instant until)
      throws IOException, InterruptedException {
    Files.writeString(folder.resolve(name + ".ext"), "subjectAltName=" + alternativeName + "\n");
    openssl(
        "req -newkey rsa:2048 -nodes -subj /CN=%1$s -keyout %1$s.key -out %1$s.csr"
            .formatted(name));
    openssl(
        "ca -batch -notext -config rules.cnf -cert ca.pem -keyfile ca.key -in %1$s.csr -out %1$s.pem -extfile %1$s.ext -startdate %2$s -enddate %3$s"
            .formatted(name, TIME.format(from), TIME.format(until)));
    openssl(
        "pkcs12 -export -in %1$s.pem -inkey %1$s.key -certfile ca.pem -name server -passout pass:%2$s -out %1$s.p12"
            .formatted(name, PASSWORD));
    return folder.resolve(name + ".p12");
  }

  private void openssl(String arguments) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(("openssl " + arguments).split(" "))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("openssl " + arguments + ": " + said);
    }
  }
}
