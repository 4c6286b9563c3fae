package io.tandemmail.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MailSinkTest {
  private static final String CONTENT = "X-Tandem-Key: k1\r\n\r\n.dot\r\n";
  private static final String GROUP =
      "MAIL FROM:<a@example.com>\r\nRCPT TO:<ann@example.net>\r\nDATA\r\n";
  private static final String TRANSACTION = GROUP + "X-Tandem-Key: k1\r\n\r\n..dot\r\n.\r\n";

  @TempDir Path folder;

  @Test
  void aMessageIsInTheLogBeforeItIsAnswered() throws Exception {
    Path log = folder.resolve("sink.jsonl");
    try (MailSink sink = MailSink.start(SinkConfig.named("s").loggingTo(log).syncing());
        ScriptedClient client = ScriptedClient.greeted(sink)) {
      for (int taken = 1; taken <= 20; taken++) {
        client.send(TRANSACTION);
        for (int reply = 0; reply < 4; reply++) {
          client.reply();
        }
        assertThat(Files.readAllLines(log)).hasSize(taken);
      }
    }
    JsonNode line = new ObjectMapper().readTree(Files.readAllLines(log).getFirst());
    byte[] hash =
        MessageDigest.getInstance("SHA-256").digest(CONTENT.getBytes(StandardCharsets.UTF_8));
    assertThat(line.get("key").asText()).isEqualTo("k1");
    assertThat(line.get("from").asText()).isEqualTo("a@example.com");
    assertThat(line.get("rcpt").get(0).asText()).isEqualTo("ann@example.net");
    assertThat(line.get("size").asInt()).isEqualTo(CONTENT.length());
    assertThat(line.get("sha256").asText()).isEqualTo(HexFormat.of().formatHex(hash));
    assertThat(line.get("at").asText()).endsWith("Z");
  }

  @Test
  void theListenerKnowsBeforeTheClient() throws Exception {
    List<String> order = new ArrayList<>();
    try (MailSink sink =
            MailSink.start(SinkConfig.named("s"), message -> order.add(message.messageKey()));
        ScriptedClient client = ScriptedClient.greeted(sink)) {
      order.add(client.mail("ann@example.net"));
    }
    assertThat(order).containsExactly("k1", "250 2.0.0 taken");
  }

  @Test
  void whatCannotBeRecordedIsNotTaken() throws Exception {
    try (MailSink sink =
            MailSink.start(SinkConfig.named("s").keeping().loggingTo(Path.of("/dev/full")));
        ScriptedClient client = ScriptedClient.greeted(sink)) {
      assertThat(client.mail("ann@example.net")).startsWith("452");
      assertThat(sink.counts().accepted()).isZero();
      assertThat(sink.received()).isEmpty();
    }
  }

  @Test
  void withoutKeepingMessagesAreOnlyCounted() throws Exception {
    try (MailSink sink = MailSink.start(SinkConfig.named("s"));
        ScriptedClient client = ScriptedClient.greeted(sink)) {
      client.mail("ann@example.net");
      client.mail("550-rcpt@example.net");

      assertThat(sink.received()).isEmpty();
      assertThat(sink.counts()).isEqualTo(new SinkCounts(1, 1, 1, 2, 1, 1, 1));
    }
  }

  @Test
  void itKnowsWhenEachTransactionBeganAndHowManyConnectionsThereWereAtOnce() throws Exception {
    Instant before = Instant.now();
    try (MailSink sink = MailSink.start(SinkConfig.named("s").keeping())) {
      try (ScriptedClient one = ScriptedClient.greeted(sink);
          ScriptedClient other = ScriptedClient.greeted(sink)) {
        one.mail("ann@example.net");
        other.mail("550-rcpt@example.net");
      }
      try (ScriptedClient third = ScriptedClient.greeted(sink)) {
        third.mail("ann@example.net");
      }

      assertThat(sink.begun()).hasSize(3).isSorted();
      assertThat(sink.begun()).allMatch(at -> !at.isBefore(before));
      assertThat(sink.counts().connections()).isEqualTo(3);
      assertThat(sink.counts().peak()).isBetween(2, 3);
    }
  }

  @Test
  void theRepliesOfAGroupLeaveInOneWrite() throws Exception {
    try (MailSink sink = MailSink.start(SinkConfig.named("s"));
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), sink.port())) {
      InputStream in = socket.getInputStream();
      byte[] buffer = new byte[1024];
      assertThat(in.read(buffer)).isPositive();
      socket.getOutputStream().write(GROUP.getBytes(StandardCharsets.US_ASCII));

      int length = in.read(buffer);
      assertThat(new String(buffer, 0, length, StandardCharsets.US_ASCII))
          .isEqualTo("250 2.1.0 ok\r\n250 2.1.5 ok\r\n354 go ahead\r\n");
    }
  }

  @Test
  void theNextEnvelopeMayComeBehindTheContent() throws Exception {
    try (MailSink sink = MailSink.start(SinkConfig.named("s").keeping());
        ScriptedClient client = ScriptedClient.greeted(sink)) {
      client.send(TRANSACTION.repeat(3) + "QUIT\r\n");
      for (int i = 0; i < 3; i++) {
        assertThat(client.reply()).startsWith("250 2.1.0");
        assertThat(client.reply()).startsWith("250 2.1.5");
        assertThat(client.reply()).startsWith("354");
        assertThat(client.reply()).startsWith("250 2.0.0");
      }
      assertThat(client.reply()).startsWith("221");
      assertThat(client.reply()).isEqualTo("closed");
      assertThat(sink.received()).hasSize(3);
    }
  }

  @Test
  void latencyIsPaidOncePerGroupOfReplies() throws Exception {
    try (MailSink sink = MailSink.start(SinkConfig.named("s"));
        ScriptedClient client = ScriptedClient.greeted(sink)) {
      sink.setLatency(Duration.ofMillis(400));
      long start = System.nanoTime();
      client.send(GROUP);
      for (int reply = 0; reply < 3; reply++) {
        client.reply();
      }
      Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
      assertThat(elapsed).isBetween(Duration.ofMillis(400), Duration.ofMillis(800));
    }
  }

  @Test
  void inputMayBeSplitAnywhere() throws Exception {
    long seed = 9;
    Random random = new Random(seed);
    byte[] bytes = (TRANSACTION + "QUIT\r\n").getBytes(StandardCharsets.UTF_8);
    try (MailSink sink = MailSink.start(SinkConfig.named("s").keeping())) {
      for (int round = 1; round <= 50; round++) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), sink.port())) {
          socket.setTcpNoDelay(true);
          for (int at = 0; at < bytes.length; ) {
            int length = Math.min(bytes.length - at, 1 + random.nextInt(20));
            socket.getOutputStream().write(bytes, at, length);
            at += length;
          }
          assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
              .contains("250 2.0.0 taken");
        }
        assertThat(sink.received()).as("seed %d", seed).hasSize(round);
        assertThat(new String(sink.received().getLast().content(), StandardCharsets.UTF_8))
            .isEqualTo(CONTENT);
      }
    }
  }

  @Test
  void aKilledSinkResetsItsConnections() throws Exception {
    try (MailSink sink = MailSink.start(SinkConfig.named("s"));
        ScriptedClient idle = ScriptedClient.greeted(sink);
        ScriptedClient amidContent = ScriptedClient.greeted(sink)) {
      amidContent.send(GROUP);
      for (int reply = 0; reply < 3; reply++) {
        amidContent.reply();
      }
      sink.stop();

      assertThatThrownBy(idle::reply)
          .isInstanceOf(SocketException.class)
          .hasMessageContaining("reset");
      assertThatThrownBy(amidContent::reply)
          .isInstanceOf(SocketException.class)
          .hasMessageContaining("reset");
      assertThat(sink.counts().open()).isZero();
    }
  }

  @Test
  void aKilledSinkRefusesAndComesBackOnItsPort() throws Exception {
    try (MailSink sink = MailSink.start(SinkConfig.named("s"))) {
      for (int round = 0; round < 3; round++) {
        int port = sink.port();
        try (ScriptedClient client = ScriptedClient.greeted(sink)) {
          client.mail("ann@example.net");
          sink.stop();
          assertThatThrownBy(() -> ScriptedClient.connect(sink))
              .isInstanceOf(ConnectException.class);
        }
        sink.restart();
        assertThat(sink.port()).isEqualTo(port);
      }
      try (ScriptedClient client = ScriptedClient.greeted(sink)) {
        assertThat(client.mail("ann@example.net")).startsWith("250");
      }
      assertThat(sink.counts().accepted()).isEqualTo(4);
    }
  }

  @Test
  void aKilledSinkHasAnsweredWhatItTook() throws Exception {
    try (MailSink sink = MailSink.start(SinkConfig.named("s"))) {
      long answered = 0;
      for (int round = 0; round < 100; round++) {
        sink.restart();
        try (ScriptedClient client = ScriptedClient.greeted(sink)) {
          Thread killer = Thread.startVirtualThread(sink::stop);
          while (client.mail("ann@example.net").equals("250 2.0.0 taken")) {
            answered++;
          }
          killer.join();
        } catch (IOException killed) {
          sink.stop();
        }
      }
      assertThat(sink.counts().accepted()).isEqualTo(answered);
    }
  }

  @Test
  void aPortInUseIsAnError() throws Exception {
    try (MailSink sink = MailSink.start(SinkConfig.named("s"))) {
      assertThatThrownBy(() -> MailSink.start(SinkConfig.named("t").onPort(sink.port())))
          .isInstanceOf(IOException.class);
    }
  }
}
