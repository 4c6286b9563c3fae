package io.tandemmail.ingest.smtp;

import io.tandemmail.model.settings.SmtpSettings.Certificate;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyStore;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A self-signed certificate for 127.0.0.1, as PEM, and a client that trusts it. */
record TestCertificate(Certificate files, SSLContext trusting) {
  private static final String PASSWORD = "changeit";

  static TestCertificate in(Path folder) throws Exception {
    Path store = folder.resolve("s.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "s",
                "-keyalg",
                "EC",
                "-dname",
                "CN=127.0.0.1",
                "-ext",
                "san=ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD)
            .redirectErrorStream(true)
            .start();
    keytool.getInputStream().readAllBytes();
    if (!keytool.waitFor(60, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
      throw new IllegalStateException("keytool made no certificate");
    }
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    java.security.cert.Certificate certificate = keys.getCertificate("s");
    Key key = keys.getKey("s", PASSWORD.toCharArray());
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("s", certificate);
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    Certificate files =
        new Certificate(
            pem(folder.resolve("chain.pem"), "CERTIFICATE", certificate.getEncoded()),
            pem(folder.resolve("key.pem"), "PRIVATE KEY", key.getEncoded()));
    return new TestCertificate(files, context);
  }

  private static Path pem(Path file, String label, byte[] der) throws Exception {
    return Files.writeString(
        file,
        "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n"
            .formatted(label, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)));
  }
}
