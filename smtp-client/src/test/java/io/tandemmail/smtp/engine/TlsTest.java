package io.tandemmail.smtp.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.model.settings.ServerSettings;
import io.tandemmail.model.settings.ServerSettings.ClientCertificate;
import io.tandemmail.model.settings.ServerSettings.ClientIdentity;
import io.tandemmail.model.settings.ServerSettings.Limits;
import io.tandemmail.model.settings.ServerSettings.Security;
import io.tandemmail.model.settings.ServerSettings.Timing;
import io.tandemmail.model.settings.ServerSettings.Tls;
import io.tandemmail.sink.MailSink;
import io.tandemmail.sink.SinkConfig;
import io.tandemmail.smtp.ConnectResult;
import io.tandemmail.smtp.Fault;
import io.tandemmail.smtp.ScriptedServer;
import io.tandemmail.smtp.ServerEndpoint;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** S4: what a certificate must be, what happens without TLS, and who we are to a server that asks. */
@Timeout(60)
class TlsTest {
  private static final Duration WITHIN = Duration.ofSeconds(5);
  private static final String NOW = "-validity 10";

  @TempDir static Path folder;
  private static TestCertificates certificates;
  private static Path good;

  private final PipeliningSmtpTransport transport = new PipeliningSmtpTransport();

  @BeforeAll
  static void make() throws IOException, InterruptedException {
    certificates = TestCertificates.in(folder);
    good = certificates.keyStore("good", "ip:127.0.0.1", NOW);
  }

  @AfterEach
  void stop() {
    transport.close();
  }

  @Test
  void aTrustedCertificateOfTheHostIsEnoughByStartTlsToo() throws Exception {
    assertThat(connect(good, Tls.REQUIRED, Optional.of(certificates.trustStore())))
        .isInstanceOf(ConnectResult.Connected.class);
  }

  @Test
  void anAuthorityNobodyTrustsIsRefused() throws Exception {
    assertThat(connect(good, Tls.REQUIRED, Optional.empty())).satisfies(TlsTest::isTlsFault);
  }

  @Test
  void anExpiredCertificateIsRefused() throws Exception {
    Path expired = certificates.keyStore("expired", "ip:127.0.0.1", "-startdate -30d -validity 1");

    assertThat(connect(expired, Tls.REQUIRED, Optional.of(certificates.trustStore())))
        .satisfies(TlsTest::isTlsFault);
  }

  @Test
  void anotherHostsCertificateIsRefused() throws Exception {
    Path other = certificates.keyStore("other", "dns:mx.example.org", NOW);

    assertThat(connect(other, Tls.REQUIRED, Optional.of(certificates.trustStore())))
        .satisfies(TlsTest::isTlsFault);
  }

  @Test
  void opportunisticTlsTakesAnyCertificateForWithoutItTheMailWouldGoInClear() throws Exception {
    assertThat(connect(good, Tls.OPPORTUNISTIC, Optional.empty()))
        .isInstanceOf(ConnectResult.Connected.class);
  }

  @Test
  void aHandshakeThatIsCutIsAFaultWhenTlsIsRequired() throws Exception {
    try (ScriptedServer server = ScriptedServer.start(TlsTest::cutHandshake)) {
      assertThat(connect(server.port(), Tls.REQUIRED, Optional.of(certificates.trustStore())))
          .satisfies(TlsTest::isTlsFault);
    }
  }

  @Test
  void aServerWhoseTlsIsBrokenGetsItInClearOnlyWhenTlsIsOpportunistic() throws Exception {
    try (ScriptedServer server =
        ScriptedServer.start(TlsTest::cutHandshake, ScriptedServer.Conversation::greet)) {
      assertThat(connect(server.port(), Tls.OPPORTUNISTIC, Optional.empty()))
          .isInstanceOf(ConnectResult.Connected.class);
    }
  }

  @Test
  void plainTextBehindTheReplyToStartTlsIsNotBelieved() throws Exception {
    try (ScriptedServer server =
        ScriptedServer.start(client -> {
          client.say("220 hello\r\n");
          client.readUntil("\r\n");
          client.say("250-hello\r\n250 STARTTLS\r\n");
          client.readUntil("\r\n");
          client.say("220 go\r\n250-hello\r\n250 AUTH PLAIN\r\n");
          client.fallSilent();
        })) {
      assertThat(connect(server.port(), Tls.REQUIRED, Optional.of(certificates.trustStore())))
          .isInstanceOfSatisfying(
              ConnectResult.Unreachable.class,
              u -> assertThat(u.fault().kind()).isEqualTo(Fault.Kind.OUT_OF_STEP));
    }
  }

  @Test
  void aServerThatAsksSeesOurCertificateAndASecondConnectionResumesTheFirst() throws Exception {
    Path client = certificates.keyStore("client", "dns:client.example.com", NOW);
    BlockingQueue<SSLSession> sessions = new LinkedBlockingQueue<>();
    try (SSLServerSocket listening = listen(sessions)) {
      ServerEndpoint endpoint = endpoint(listening.getLocalPort(), pem(client));
      for (int i = 0; i < 2; i++) {
        assertThat(transport.connect(endpoint))
            .isInstanceOfSatisfying(
                ConnectResult.Connected.class, connected -> connected.session().close());
      }
      SSLSession first = sessions.poll(5, TimeUnit.SECONDS);
      SSLSession second = sessions.poll(5, TimeUnit.SECONDS);

      assertThat(((X509Certificate) first.getPeerCertificates()[0]).getSubjectX500Principal())
          .hasToString("CN=client");
      assertThat(first.getProtocol()).isEqualTo("TLSv1.3");
      assertThat(second.getCreationTime()).as("resumed").isEqualTo(first.getCreationTime());
    }
  }

  private static void cutHandshake(ScriptedServer.Conversation client) throws IOException {
    client.say("220 hello\r\n");
    client.readUntil("\r\n");
    client.say("250-hello\r\n250 STARTTLS\r\n");
    client.readUntil("\r\n");
    client.say("220 go\r\n");
    client.socket().getInputStream().read();
    client.socket().close();
  }

  private static void isTlsFault(ConnectResult result) {
    assertThat(result)
        .isInstanceOfSatisfying(
            ConnectResult.Unreachable.class,
            u -> assertThat(u.fault().kind()).isEqualTo(Fault.Kind.TLS));
  }

  private ConnectResult connect(Path keyStore, Tls tls, Optional<Path> trustStore)
      throws Exception {
    SinkConfig config = SinkConfig.named("tls").withTls(keyStore, TestCertificates.PASSWORD);
    try (MailSink sink = MailSink.start(config)) {
      return connect(sink.port(), tls, trustStore);
    }
  }

  private ConnectResult connect(int port, Tls tls, Optional<Path> trustStore) {
    ConnectResult result =
        transport.connect(
            ServerEndpoint.of(server(port, tls, trustStore, ClientIdentity.DEFAULT), "localhost")
                .within(WITHIN));
    if (result instanceof ConnectResult.Connected connected) {
      connected.session().close();
    }
    return result;
  }

  private static ServerEndpoint endpoint(int port, ClientCertificate certificate) {
    ClientIdentity identity =
        new ClientIdentity(Optional.empty(), Optional.empty(), Optional.of(certificate));
    return ServerEndpoint.of(
            server(port, Tls.IMPLICIT, Optional.of(certificates.trustStore()), identity),
            "localhost")
        .within(WITHIN);
  }

  private static ServerSettings server(
      int port, Tls tls, Optional<Path> trustStore, ClientIdentity client) {
    return new ServerSettings(
        "test",
        "127.0.0.1",
        port,
        new Security(tls, Optional.empty(), trustStore, false),
        Limits.DEFAULT,
        Timing.DEFAULT,
        client);
  }

  /** Asks for a certificate, then greets, takes EHLO and QUIT. */
  private static SSLServerSocket listen(BlockingQueue<SSLSession> sessions) throws Exception {
    char[] password = TestCertificates.PASSWORD.toCharArray();
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = new FileInputStream(good.toFile())) {
      store.load(in, password);
    }
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, password);
    TrustManagerFactory trusted =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trusted.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trusted.getTrustManagers(), null);
    SSLServerSocket listening =
        (SSLServerSocket)
            context
                .getServerSocketFactory()
                .createServerSocket(0, 5, InetAddress.getLoopbackAddress());
    listening.setNeedClientAuth(true);
    Thread.ofVirtual()
        .start(() -> {
          while (true) {
            try (SSLSocket socket = (SSLSocket) listening.accept()) {
              socket.startHandshake();
              sessions.add(socket.getSession());
              ScriptedServer.Conversation client =
                  new ScriptedServer.Conversation(socket, listening);
              client.say("220 hello\r\n");
              client.readUntil("\r\n");
              client.say("250 hello\r\n");
              client.readUntil("\r\n");
              client.say("221 bye\r\n");
            } catch (IOException closed) {
              if (listening.isClosed()) {
                return;
              }
            }
          }
        });
    return listening;
  }

  private static ClientCertificate pem(Path keyStore) throws Exception {
    char[] password = TestCertificates.PASSWORD.toCharArray();
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = new FileInputStream(keyStore.toFile())) {
      store.load(in, password);
    }
    String key =
        Base64.getMimeEncoder().encodeToString(store.getKey("server", password).getEncoded());
    Path keyFile =
        Files.writeString(
            folder.resolve("client.key"),
            "-----BEGIN PRIVATE KEY-----\n" + key + "\n-----END PRIVATE KEY-----\n",
            StandardCharsets.US_ASCII);
    return new ClientCertificate(folder.resolve("client.pem"), keyFile);
  }
}
