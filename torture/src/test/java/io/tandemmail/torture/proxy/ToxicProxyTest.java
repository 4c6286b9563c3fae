package io.tandemmail.torture.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a target that echoes and remembers. */
class ToxicProxyTest {
  private static final int SHORT_MILLIS = 200;
  private static final int LONG_MILLIS = 10_000;

  private final BlockingQueue<String> taken = new LinkedBlockingQueue<>();
  private ServerSocket target;
  private Thread serving;
  private ToxicProxy proxy;

  @BeforeEach
  void start() throws IOException {
    target = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    serving = Thread.ofPlatform().daemon().start(this::serve);
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    proxy = ToxicProxy.start(port, target.getLocalPort());
  }

  @AfterEach
  void stop() throws IOException {
    proxy.close();
    target.close();
  }

  @Test
  void passesBytesBothWaysWhenNothingIsWrong() throws IOException {
    try (Socket client = connect()) {
      write(client, "hello");
      assertThat(read(client, 5)).isEqualTo("hello");
    }
  }

  @Test
  void anEndOfInputIsPassedOn() throws Exception {
    try (Socket client = connect()) {
      write(client, "bye");
      assertThat(read(client, 3)).isEqualTo("bye");
      client.shutdownOutput();
      assertThat(client.getInputStream().read()).isEqualTo(-1);
      assertThat(taken.poll(LONG_MILLIS, TimeUnit.MILLISECONDS)).isEqualTo("bye");
    }
  }

  @Test
  void refusesAndListensAgain() throws IOException {
    proxy.set(new Toxic.Refuse());
    assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
    proxy.set(Toxic.NONE);
    passesBytesBothWaysWhenNothingIsWrong();
  }

  @Test
  void resetsWhatIsOpenAndWhatComes() throws IOException {
    try (Socket client = connect()) {
      write(client, "hello");
      assertThat(read(client, 5)).isEqualTo("hello");
      proxy.set(new Toxic.Reset());
      assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(IOException.class);
    }
    try (Socket client = connect()) {
      assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(IOException.class);
    }
  }

  @Test
  void aBlackHoleSwallowsAndClosesNothing() throws IOException {
    proxy.set(new Toxic.BlackHole());
    try (Socket client = connect()) {
      write(client, "hello");
      client.setSoTimeout(SHORT_MILLIS);
      assertThatThrownBy(() -> client.getInputStream().read())
          .isInstanceOf(SocketTimeoutException.class);
      assertThat(taken).isEmpty();
    }
  }

  @Test
  void aConnectionThatLostBytesNeverPassesAnyAgain() throws IOException {
    try (Socket client = connect()) {
      write(client, "hello");
      assertThat(read(client, 5)).isEqualTo("hello");
      proxy.set(new Toxic.BlackHole());
      write(client, "lost");
      proxy.set(Toxic.NONE);
      client.setSoTimeout(LONG_MILLIS);
      assertThatThrownBy(() -> client.getInputStream().read())
          .isInstanceOf(IOException.class)
          .isNotInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void halfOpenTellsTheTargetAndNotTheClient() throws Exception {
    try (Socket client = connect()) {
      write(client, "hello");
      assertThat(read(client, 5)).isEqualTo("hello");
      proxy.set(new Toxic.HalfOpen());
      assertThat(taken.poll(LONG_MILLIS, TimeUnit.MILLISECONDS)).isEqualTo("hello");
      client.setSoTimeout(SHORT_MILLIS);
      assertThatThrownBy(() -> client.getInputStream().read())
          .isInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void latencyHoldsBytesBack() throws IOException {
    proxy.set(new Toxic.Slow(Duration.ofMillis(SHORT_MILLIS), Duration.ZERO, 0));
    try (Socket client = connect()) {
      long startNanos = System.nanoTime();
      write(client, "hello");
      assertThat(read(client, 5)).isEqualTo("hello");
      assertThat(Duration.ofNanos(System.nanoTime() - startNanos))
          .isGreaterThanOrEqualTo(Duration.ofMillis(2 * SHORT_MILLIS));
    }
  }

  @Test
  void aNarrowWayTakesItsTime() throws IOException {
    proxy.set(new Toxic.Slow(Duration.ZERO, Duration.ZERO, 10_000));
    try (Socket client = connect()) {
      long startNanos = System.nanoTime();
      write(client, "x".repeat(2_000));
      assertThat(read(client, 2_000)).hasSize(2_000);
      assertThat(Duration.ofNanos(System.nanoTime() - startNanos))
          .isGreaterThanOrEqualTo(Duration.ofMillis(350));
    }
  }

  @Test
  void aSlicerChangesNothingButThePieces() throws IOException {
    proxy.set(new Toxic.Slicer(1, Duration.ofNanos(1)));
    try (Socket client = connect()) {
      write(client, "250-a\r\n250 b\r\n");
      assertThat(read(client, 14)).isEqualTo("250-a\r\n250 b\r\n");
    }
  }

  @Test
  void aCutBehindTheDotDeliversTheDotAndHidesTheReply() throws Exception {
    proxy.set(Toxic.CutBehind.finalDot(1));
    try (Socket client = connect()) {
      write(client, "text\r\n.");
      assertThat(read(client, 7)).isEqualTo("text\r\n.");
      write(client, "\r\nQUIT\r\n");
      client.setSoTimeout(LONG_MILLIS);
      assertThatThrownBy(() -> client.getInputStream().read())
          .isInstanceOf(IOException.class)
          .isNotInstanceOf(SocketTimeoutException.class);
    }
    assertThat(taken.poll(LONG_MILLIS, TimeUnit.MILLISECONDS)).isEqualTo("text\r\n.\r\n");
    assertThat(proxy.cuts()).isEqualTo(1);
  }

  @Test
  void aCutInTheContentLosesTheRestAndLaterConnectionsPass() throws Exception {
    proxy.set(Toxic.CutBehind.midContent(3, 1));
    try (Socket client = connect()) {
      write(client, "DATA\r\n12345");
    }
    assertThat(taken.poll(LONG_MILLIS, TimeUnit.MILLISECONDS)).isEqualTo("DATA\r\n123");
    try (Socket client = connect()) {
      write(client, "DATA\r\n12345");
      assertThat(read(client, 11)).isEqualTo("DATA\r\n12345");
    }
  }

  @Test
  void aTargetThatIsGoneLooksLikeAReset() throws Exception {
    target.close();
    // The kernel lets go of the port when nobody waits in accept any more.
    serving.join();
    try (Socket client = connect()) {
      client.setSoTimeout(LONG_MILLIS);
      assertThatThrownBy(() -> client.getInputStream().read())
          .isInstanceOf(IOException.class)
          .isNotInstanceOf(SocketTimeoutException.class);
    }
  }

  private Socket connect() throws IOException {
    Socket client = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
    client.setTcpNoDelay(true);
    return client;
  }

  private static void write(Socket client, String text) throws IOException {
    client.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static String read(Socket client, int bytes) throws IOException {
    return new String(client.getInputStream().readNBytes(bytes), StandardCharsets.US_ASCII);
  }

  private void serve() {
    try {
      while (true) {
        Socket client = target.accept();
        Thread.ofVirtual().start(() -> echo(client));
      }
    } catch (IOException over) {
      // The test is over.
    }
  }

  private void echo(Socket client) {
    StringBuilder all = new StringBuilder();
    try (client) {
      byte[] piece = new byte[4096];
      int length;
      while ((length = client.getInputStream().read(piece)) >= 0) {
        all.append(new String(piece, 0, length, StandardCharsets.US_ASCII));
        client.getOutputStream().write(piece, 0, length);
      }
    } catch (IOException gone) {
      // What was taken until then counts.
    }
    taken.add(all.toString());
  }
}
