package io.tandemmail.worker.smtp.engine;

import static io.tandemmail.worker.smtp.engine.TestServers.connect;
import static io.tandemmail.worker.smtp.engine.TestServers.endpoint;
import static io.tandemmail.worker.smtp.engine.TestServers.mail;
import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.worker.smtp.Fault;
import io.tandemmail.worker.smtp.Phase;
import io.tandemmail.worker.smtp.RecipientResult;
import io.tandemmail.worker.smtp.SmtpSession;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Servers that no specification describes (FAULTS.md, S3): bounded in time and memory, and never taken for a yes. */
@Timeout(30)
class HostileServerTest {
  private static final Duration WITHIN = Duration.ofMillis(700);
  private static final String ENVELOPE_OK = "250 ok\r\n250 ok\r\n354 go\r\n";

  private final PipeliningSmtpTransport transport = new PipeliningSmtpTransport();
  private ServerSocket listening;

  @AfterEach
  void stop() throws IOException {
    listening.close();
    transport.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "250-ok\\r\\n550 no\\r\\n | OUT_OF_STEP",
        "250ok\\r\\n | OUT_OF_STEP",
        "25\\r\\n | OUT_OF_STEP",
        "999 ok\\r\\n | OUT_OF_STEP",
        "\\r\\n | OUT_OF_STEP",
        "354 more\\r\\n | OUT_OF_STEP",
        "250-ok | REPLY_TIMEOUT",
        "250 | REPLY_TIMEOUT"
      })
  void whatIsNoReplyToTheDotIsInDoubtNeverDelivered(String toDot, Fault.Kind kind)
      throws IOException {
    serve(ENVELOPE_OK, unescaped(toDot));

    assertThat(deliver())
        .isInstanceOfSatisfying(
            RecipientResult.InDoubt.class,
            doubt -> assertThat(doubt.fault().kind()).isEqualTo(kind));
  }

  @Test
  void aReplyWithoutEndIsCutOffAtItsBudget() throws IOException {
    listen(socket -> {
      greet(socket);
      OutputStream out = socket.getOutputStream();
      byte[] line =
          "250-".concat("x".repeat(996)).concat("\r\n").getBytes(StandardCharsets.US_ASCII);
      for (int i = 0; i < 100_000; i++) {
        out.write(line);
      }
    });

    assertThat(deliver())
        .isInstanceOfSatisfying(
            RecipientResult.Faulted.class,
            faulted -> assertThat(faulted.fault().kind()).isEqualTo(Fault.Kind.REPLY_TOO_LONG));
  }

  @Test
  void aTrickleDoesNotMoveTheDeadline() throws IOException {
    listen(socket -> {
      greet(socket);
      OutputStream out = socket.getOutputStream();
      out.write("250-".getBytes(StandardCharsets.US_ASCII));
      InputStream in = socket.getInputStream();
      socket.setSoTimeout(100);
      while (true) {
        out.write('x');
        try {
          if (in.read() < 0) {
            return;
          }
        } catch (SocketTimeoutException tick) {
          out.flush();
        }
      }
    });
    assertThat(deliver())
        .isInstanceOfSatisfying(
            RecipientResult.Faulted.class,
            faulted -> assertThat(faulted.fault().kind()).isEqualTo(Fault.Kind.REPLY_TIMEOUT));
  }

  @Test
  void aServerThatStopsReadingIsLeft() throws IOException {
    listen(socket -> {
      greet(socket);
      readUntil(socket, "DATA\r\n");
      socket.getOutputStream().write(ENVELOPE_OK.getBytes(StandardCharsets.US_ASCII));
      // Reads no more until the other side is gone.
      awaitClose();
    });
    try (SmtpSession session = connect(transport, endpoint(listening.getLocalPort(), WITHIN))) {
      String content = "a: b\r\n\r\n" + "x".repeat(70).concat("\r\n").repeat(400_000);
      assertThat(session.deliver(mail(content, "a@x.example"), () -> true).recipients().getFirst())
          .isInstanceOfSatisfying(
              RecipientResult.Faulted.class,
              faulted -> {
                assertThat(faulted.fault().kind()).isEqualTo(Fault.Kind.WRITE_TIMEOUT);
                assertThat(faulted.fault().phase()).isEqualTo(Phase.CONTENT);
              });
    }
  }

  @Test
  void aReplyTooManyIsNotCreditedToTheContent() throws IOException {
    serve(ENVELOPE_OK + "250 delivered, honestly\r\n", "");

    assertThat(deliver())
        .isInstanceOfSatisfying(
            RecipientResult.Faulted.class,
            faulted -> assertThat(faulted.fault().kind()).isEqualTo(Fault.Kind.OUT_OF_STEP));
  }

  @Test
  void repliesThatComeByteByByteAreReplies() throws IOException {
    listen(socket -> {
      greet(socket);
      OutputStream out = socket.getOutputStream();
      socket.setTcpNoDelay(true);
      readUntil(socket, "DATA\r\n");
      for (byte b : (ENVELOPE_OK).getBytes(StandardCharsets.US_ASCII)) {
        out.write(b);
        out.flush();
      }
      readUntil(socket, "\r\n.\r\n");
      for (byte b : "250-a\r\n250 b\r\n".getBytes(StandardCharsets.US_ASCII)) {
        out.write(b);
        out.flush();
      }
      awaitClose();
    });

    assertThat(deliver())
        .isInstanceOfSatisfying(
            RecipientResult.Answered.class,
            answered -> assertThat(answered.reply().text()).isEqualTo("a / b"));
  }

  private RecipientResult deliver() {
    try (SmtpSession session = connect(transport, endpoint(listening.getLocalPort(), WITHIN))) {
      return session
          .deliver(mail("a: b\r\n\r\nc\r\n", "a@x.example"), () -> true)
          .recipients()
          .getFirst();
    }
  }

  private void serve(String toEnvelope, String toDot) throws IOException {
    listen(socket -> {
      greet(socket);
      readUntil(socket, "DATA\r\n");
      socket.getOutputStream().write(toEnvelope.getBytes(StandardCharsets.US_ASCII));
      readUntil(socket, "\r\n.\r\n");
      socket.getOutputStream().write(toDot.getBytes(StandardCharsets.US_ASCII));
      awaitClose();
    });
  }

  private interface Script {
    void run(Socket socket) throws IOException;
  }

  private void listen(Script script) throws IOException {
    listening = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    Thread.ofVirtual()
        .start(() -> {
          try (Socket socket = listening.accept()) {
            script.run(socket);
          } catch (IOException theClientLeft) {
            // As it should.
          }
        });
  }

  private static void greet(Socket socket) throws IOException {
    socket.getOutputStream().write("220 hello\r\n".getBytes(StandardCharsets.US_ASCII));
    readUntil(socket, "\r\n");
    socket
        .getOutputStream()
        .write("250-hello\r\n250 PIPELINING\r\n".getBytes(StandardCharsets.US_ASCII));
  }

  private static void readUntil(Socket socket, String end) throws IOException {
    StringBuilder seen = new StringBuilder();
    InputStream in = socket.getInputStream();
    while (seen.indexOf(end) < 0) {
      int b = in.read();
      if (b < 0) {
        throw new IOException("closed");
      }
      seen.append((char) b);
    }
  }

  /** The test closes the listening socket when it is done; accepting then fails. */
  private void awaitClose() throws IOException {
    listening.accept().close();
  }

  private static String unescaped(String text) {
    return text.replace("\\r", "\r").replace("\\n", "\n");
  }
}
