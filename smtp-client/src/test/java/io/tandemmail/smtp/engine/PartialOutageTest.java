package io.tandemmail.smtp.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.model.settings.ServerSettings;
import io.tandemmail.smtp.ConnectResult;
import io.tandemmail.smtp.ServerEndpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A host with four addresses on the loopback network, one of them broken. */
@Timeout(60)
class PartialOutageTest {
  private final List<ServerSocket> listening = new ArrayList<>();
  private final AtomicInteger atTheBroken = new AtomicInteger();
  private long now = 1;
  private int port;
  private PipeliningSmtpTransport transport = new PipeliningSmtpTransport();

  @BeforeEach
  void start() throws IOException {
    for (int last = 2; last <= 4; last++) {
      ServerSocket good = new ServerSocket();
      good.bind(new InetSocketAddress("127.0.0." + last, port));
      port = good.getLocalPort();
      listening.add(good);
      accept(good, true);
    }
    transport =
        new PipeliningSmtpTransport(
            new Addresses(
                host -> {
                  InetAddress[] all = new InetAddress[4];
                  for (int i = 0; i < 4; i++) {
                    all[i] = InetAddress.getByName("127.0.0." + (i + 1));
                  }
                  return all;
                },
                () -> now));
  }

  @AfterEach
  void stop() throws IOException {
    transport.close();
    for (ServerSocket socket : listening) {
      socket.close();
    }
  }

  @Test
  void theAddressThatRefusesIsAvoidedAndTheServerIsWell() {
    for (int i = 0; i < 5; i++) {
      connect();
    }

    assertThat(transport.oddity(endpoint()))
        .contains("1 of 4 addresses avoided: 127.0.0.1 (refused)");
  }

  @Test
  void theAddressThatAcceptsAndSaysNothingCostsOneConnectionPerHalfMinute() throws IOException {
    beSilent();
    connect();
    assertThat(atTheBroken).hasValue(1);
    for (int i = 0; i < 5; i++) {
      connect();
    }
    assertThat(atTheBroken).hasValue(1);
    assertThat(transport.oddity(endpoint()).orElseThrow()).contains("127.0.0.1 (reply timeout)");

    now += Duration.ofSeconds(31).toNanos();
    for (int i = 0; i < 5; i++) {
      connect();
    }
    assertThat(atTheBroken).as("tried again by one").hasValue(2);
  }

  @Test
  void anAddressThatAnswersAgainIsUsedAgain() throws IOException {
    connect();
    now += Duration.ofSeconds(31).toNanos();
    ServerSocket back = new ServerSocket();
    back.bind(new InetSocketAddress("127.0.0.1", port));
    listening.add(back);
    accept(back, true);

    connect();

    assertThat(transport.oddity(endpoint())).isEmpty();
  }

  private void beSilent() throws IOException {
    ServerSocket silent = new ServerSocket();
    silent.bind(new InetSocketAddress("127.0.0.1", port));
    listening.add(silent);
    accept(silent, false);
  }

  private void connect() {
    ConnectResult result = transport.connect(endpoint());
    assertThat(result).isInstanceOf(ConnectResult.Connected.class);
    if (result instanceof ConnectResult.Connected connected) {
      connected.session().abort();
    }
  }

  private ServerEndpoint endpoint() {
    return ServerEndpoint.of(ServerSettings.plain("mx", "mx.test", port), "w.test")
        .within(Duration.ofMillis(300));
  }

  private void accept(ServerSocket socket, boolean greets) {
    Thread.ofVirtual()
        .start(() -> {
          while (!socket.isClosed()) {
            try {
              Socket client = socket.accept();
              if (greets) {
                Thread.ofVirtual().start(() -> talk(client));
              } else {
                atTheBroken.incrementAndGet();
              }
            } catch (IOException closed) {
              return;
            }
          }
        });
  }

  private static void talk(Socket client) {
    try (client) {
      client.getOutputStream().write("220 mx\r\n".getBytes(StandardCharsets.US_ASCII));
      client.getInputStream().read(new byte[512]);
      client.getOutputStream().write("250 mx\r\n".getBytes(StandardCharsets.US_ASCII));
      client.getInputStream().readAllBytes();
    } catch (IOException gone) {
      // The client has seen enough.
    }
  }
}
