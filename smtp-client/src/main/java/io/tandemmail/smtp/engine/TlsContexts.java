package io.tandemmail.smtp.engine;

import io.tandemmail.model.settings.ServerSettings;
import io.tandemmail.model.settings.ServerSettings.ClientCertificate;
import io.tandemmail.model.settings.ServerSettings.Security;
import io.tandemmail.model.settings.ServerSettings.Tls;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * TLS clients, one context per server so that sessions resume. {@code required} and {@code implicit} verify the chain and
 * the host's name; {@code opportunistic} encrypts and verifies nothing, since without it the mail would go in clear.
 */
final class TlsContexts {
  private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

  private final Map<Terms, SSLContext> contexts = new ConcurrentHashMap<>();

  /** What a context depends on; a configuration that changes it gets another one. */
  private record Terms(String server, Security security, Optional<ClientCertificate> certificate) {}

  SSLSocket wrap(Socket plain, ServerSettings server) throws IOException {
    boolean verify = verifies(server);
    Terms terms = new Terms(server.id(), server.security(), server.client().certificate());
    SSLContext context = contexts.get(terms);
    if (context == null) {
      context = context(server, verify);
      contexts.keySet().removeIf(old -> old.server().equals(server.id()));
      contexts.put(terms, context);
    }
    return wrap(context, plain, server, verify);
  }

  static boolean verifies(ServerSettings server) {
    return server.security().tls() != Tls.OPPORTUNISTIC && !server.security().insecureSkipVerify();
  }

  /** Thinks of certificates as a connection that verifies does. */
  static PeerWitness witness(ServerSettings server) throws IOException {
    try {
      for (TrustManager trust : trusted(server)) {
        if (trust instanceof X509ExtendedTrustManager strict) {
          return new PeerWitness(strict);
        }
      }
    } catch (GeneralSecurityException e) {
      throw cannot(server, e);
    }
    throw new IOException("this JDK has no trust manager for X.509");
  }

  /** A context of its own: no session is resumed, so the certificate is shown. */
  static SSLContext witnessed(ServerSettings server, PeerWitness witness) throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(identity(server), new TrustManager[] {witness}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw cannot(server, e);
    }
  }

  private static IOException cannot(ServerSettings server, GeneralSecurityException e) {
    return new IOException("cannot set up TLS for " + server.id() + ": " + e.getMessage(), e);
  }

  static SSLSocket wrap(SSLContext context, Socket plain, ServerSettings server, boolean verify)
      throws IOException {
    SSLSocket socket =
        (SSLSocket)
            context.getSocketFactory().createSocket(plain, server.host(), server.port(), true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setProtocols(PROTOCOLS);
    if (verify) {
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
    }
    socket.setSSLParameters(parameters);
    socket.setUseClientMode(true);
    return socket;
  }

  private static SSLContext context(ServerSettings server, boolean verify) throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          identity(server), verify ? trusted(server) : new TrustManager[] {new TrustsAll()}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw cannot(server, e);
    }
  }

  private static KeyManager @Nullable [] identity(ServerSettings server)
      throws GeneralSecurityException, IOException {
    Optional<ClientCertificate> certificate = server.client().certificate();
    if (certificate.isEmpty()) {
      return null;
    }
    char[] inMemoryOnly = {};
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    store.setKeyEntry(
        "client",
        Pem.privateKey(certificate.get().keyFile()),
        inMemoryOnly,
        Pem.certificates(certificate.get().chainFile()).toArray(new Certificate[0]));
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, inMemoryOnly);
    return factory.getKeyManagers();
  }

  private static TrustManager[] trusted(ServerSettings server)
      throws GeneralSecurityException, IOException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    KeyStore store =
        server.security().trustStore().isPresent()
            ? pem(server.security().trustStore().get())
            : null;
    factory.init(store);
    return factory.getTrustManagers();
  }

  /** A trust store is a file of PEM certificates. */
  private static KeyStore pem(Path file) throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    int number = 0;
    for (Certificate certificate : Pem.certificates(file)) {
      store.setCertificateEntry("trusted-" + number++, certificate);
    }
    return store;
  }

  /** For opportunistic TLS, and for {@code insecure-skip-verify}, which the settings reader warns of. */
  private static final class TrustsAll extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
