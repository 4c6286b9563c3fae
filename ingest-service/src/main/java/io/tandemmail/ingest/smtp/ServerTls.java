package io.tandemmail.ingest.smtp;

import io.tandemmail.model.settings.SmtpSettings.Certificate;
import io.tandemmail.smtp.engine.Pem;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** The listener's side of TLS, from PEM files that are read at the start. */
public final class ServerTls {
  private ServerTls() {}

  /** @throws IllegalArgumentException naming the files and what is wrong with them */
  public static SSLContext context(Certificate certificate) {
    try {
      char[] noPassword = new char[0];
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, noPassword);
      store.setKeyEntry(
          "ingest.smtp",
          Pem.privateKey(certificate.keyFile()),
          noPassword,
          Pem.certificates(certificate.chainFile()).toArray(new java.security.cert.Certificate[0]));
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(store, noPassword);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), null, null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalArgumentException(
          "cannot use ingest.smtp.certificate "
              + certificate.chainFile()
              + " with ingest.smtp.key "
              + certificate.keyFile()
              + ": "
              + e.getMessage(),
          e);
    }
  }
}
