package io.tandemmail.smtp.engine;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Lets every certificate pass and remembers it with what the strict trust manager thinks of it: a survey wants to see all that
 * is wrong at once. Whoever uses it sends nothing secret unless {@link #distrust} is empty.
 */
final class PeerWitness extends X509ExtendedTrustManager {
  private final X509ExtendedTrustManager strict;
  private volatile @Nullable X509Certificate certificate;
  private volatile Optional<String> distrust = Optional.of("no certificate was shown");

  PeerWitness(X509ExtendedTrustManager strict) {
    this.strict = strict;
  }

  Optional<X509Certificate> certificate() {
    return Optional.ofNullable(certificate);
  }

  Optional<String> distrust() {
    return distrust;
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {
    certificate = chain[0];
    try {
      strict.checkServerTrusted(chain, type, socket);
      distrust = Optional.empty();
    } catch (CertificateException e) {
      distrust =
          Optional.of(e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage());
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    throw new CertificateException("only sockets are surveyed");
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    throw new CertificateException("only sockets are surveyed");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    throw new CertificateException("a client trusts no clients");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    throw new CertificateException("a client trusts no clients");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    throw new CertificateException("a client trusts no clients");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return strict.getAcceptedIssuers();
  }
}
