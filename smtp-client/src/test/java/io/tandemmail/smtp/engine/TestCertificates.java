package io.tandemmail.smtp.engine;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** An authority and certificates it signed, made by the JDK's keytool. */
public final class TestCertificates {
  public static final String PASSWORD = "changeit";

  private final Path folder;
  private final Path authority;

  private TestCertificates(Path folder) {
    this.folder = folder;
    this.authority = folder.resolve("ca.p12");
  }

  public static TestCertificates in(Path folder) throws IOException, InterruptedException {
    TestCertificates made = new TestCertificates(folder);
    made.keytool(
        made.authority, "-genkeypair -alias ca -keyalg EC -dname CN=ca -ext bc:c -validity 30");
    made.keytool(made.authority, "-exportcert -rfc -alias ca -file " + made.trustStore());
    return made;
  }

  /** PEM, the authority alone. */
  public Path trustStore() {
    return folder.resolve("ca.pem");
  }

  /**
   * PKCS#12 with a key and its chain.
   *
   * @param subjectAlternativeName as keytool writes it: {@code ip:127.0.0.1}
   * @param validity options such as {@code -startdate -30d -validity 1}
   */
  public Path keyStore(String name, String subjectAlternativeName, String validity)
      throws IOException, InterruptedException {
    Path store = folder.resolve(name + ".p12");
    Path request = folder.resolve(name + ".csr");
    Path signed = folder.resolve(name + ".pem");
    keytool(store, "-genkeypair -alias server -keyalg EC -dname CN=" + name);
    keytool(store, "-certreq -alias server -file " + request);
    keytool(
        authority,
        "-gencert -rfc -alias ca -infile "
            + request
            + " -outfile "
            + signed
            + " -ext san="
            + subjectAlternativeName
            + " "
            + validity);
    keytool(store, "-importcert -noprompt -alias ca -file " + trustStore());
    keytool(store, "-importcert -noprompt -alias server -file " + signed);
    return store;
  }

  private void keytool(Path store, String arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(Arrays.asList(arguments.split(" ")));
    command.addAll(List.of("-keystore", store.toString(), "-storetype", "PKCS12"));
    command.addAll(List.of("-storepass", PASSWORD));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes());
    if (process.waitFor() != 0) {
      throw new IOException(command + ": " + said);
    }
  }
}
