package io.tandemmail.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MailSinkTest {
  private static final String TRANSACTION =
      "MAIL FROM:<a@example.com>\r\nRCPT TO:<ann@example.net>\r\nDATA\r\nX-Tandem-Key: k1\r\n\r\n..dot\r\n.\r\nQUIT\r\n";

  @TempDir Path folder;

  @Test
  void aMessageIsRecordedBeforeItIsAnswered() throws Exception {
    Path log = folder.resolve("sink.jsonl");
    try (MailSink sink = MailSink.start(SinkConfig.named("s").keeping().loggingTo(log))) {
      assertThat(converse(sink.port(), "EHLO x\r\n" + TRANSACTION))
          .contains("250 2.0.0 taken", "221 2.0.0 bye");
      assertThat(Files.readString(log)).contains("\"key\":\"k1\"").contains("ann@example.net");
      assertThat(new String(sink.received().getFirst().content(), StandardCharsets.UTF_8))
          .isEqualTo("X-Tandem-Key: k1\r\n\r\n.dot\r\n");
    }
  }

  @Test
  void inputMayBeSplitAnywhere() throws Exception {
    Random random = new Random(9);
    try (MailSink sink = MailSink.start(SinkConfig.named("s").keeping())) {
      for (int round = 1; round <= 20; round++) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), sink.port())) {
          byte[] bytes = TRANSACTION.getBytes(StandardCharsets.UTF_8);
          for (int at = 0; at < bytes.length; ) {
            int length = Math.min(bytes.length - at, 1 + random.nextInt(20));
            socket.getOutputStream().write(bytes, at, length);
            at += length;
          }
          readAll(socket);
        }
        assertThat(sink.received()).hasSize(round);
      }
    }
  }

  @Test
  void aKilledSinkRefusesAndComesBackOnItsPort() throws Exception {
    try (MailSink sink = MailSink.start(SinkConfig.named("s"))) {
      int port = sink.port();
      sink.stop();
      assertThatThrownBy(() -> converse(port, "QUIT\r\n")).isInstanceOf(ConnectException.class);

      sink.restart();
      assertThat(sink.port()).isEqualTo(port);
      assertThat(converse(port, "QUIT\r\n")).startsWith("220");
    }
  }

  private static String converse(int port, String commands) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.getOutputStream().write(commands.getBytes(StandardCharsets.UTF_8));
      return readAll(socket);
    }
  }

  private static String readAll(Socket socket) throws IOException {
    StringBuilder all = new StringBuilder();
    BufferedReader in =
        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      all.append(line).append('\n');
    }
    return all.toString();
  }
}
