package io.tandemmail.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tandemmail.ingest.accept.ApiKeys;
import io.tandemmail.ingest.accept.BodyRoom;
import io.tandemmail.ingest.accept.ScriptedLog;
import io.tandemmail.model.disk.DiskGate;
import io.tandemmail.model.disk.LogDir;
import io.tandemmail.model.settings.HttpAddress;
import io.tandemmail.model.settings.Settings;
import io.tandemmail.model.settings.SettingsReader;
import io.tandemmail.model.settings.SettingsResult;
import io.tandemmail.runtime.config.Live;
import io.tandemmail.runtime.http.OperationsServer;
import io.tandemmail.runtime.lookup.RouterLookup;
import io.tandemmail.runtime.metrics.Metrics;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The batch's stream, by a client that sends and reads chunk by chunk. */
@Timeout(60)
class BatchHttpTest {
  private final ScriptedLog log = new ScriptedLog();
  private final RouterLookup lookup = new RouterLookup(List::of);
  private final StatusHandler status = new StatusHandler(lookup);
  private final BodyRoom room = new BodyRoom(64);
  private volatile DiskGate disks = DiskGate.OPEN;
  private OperationsServer server;

  @BeforeEach
  void start() {
    String yaml =
        "ingest: { max-message-size: 256KiB }\nservers: { a: { host: h } }\nroutes: { default: { primary: a } }\n";
    Settings settings =
        ((SettingsResult.Valid) SettingsReader.read("test", yaml, Map.of())).settings();
    PrometheusMeterRegistry registry = Metrics.registry();
    server =
        OperationsServer.start(
            new HttpAddress("127.0.0.1", 0),
            "test",
            registry,
            Optional::empty,
            config ->
                IngestService.routes(
                    config,
                    Live.of(settings),
                    new IngestService.Doors(
                        log,
                        status,
                        () -> ApiKeys.load(Optional.empty()),
                        room,
                        Duration.ofHours(1),
                        () -> disks),
                    registry));
  }

  @AfterEach
  void stop() {
    log.release();
    server.close();
    lookup.close();
  }

  @Test
  void aLineIsAnsweredBeforeTheNextOneIsSent() throws Exception {
    try (Client client = new Client(server.port())) {
      client.send(message("a"));
      assertThat(client.answer()).isEqualTo("{\"line\":1,\"id\":\"a\"}");
      client.send(message("b"));
      assertThat(client.answer()).isEqualTo("{\"line\":2,\"id\":\"b\"}");
      client.end();
      assertThat(client.answer()).isNull();
    }
  }

  @Test
  void withoutRoomOnABrokersDiskALineIsAnErrorForItselfAndTheStreamGoesOn() throws Exception {
    try (Client client = new Client(server.port())) {
      disks = new DiskGate.Closed(new LogDir(2, "/logs", 10 << 20, 1L << 30), 64 << 20);
      client.send(message("a"));
      assertThat(client.answer())
          .startsWith("{\"line\":1,\"error\":\"no room for new mail: broker 2: 10 MiB free");
      disks = DiskGate.OPEN;
      client.send(message("b"));
      assertThat(client.answer()).isEqualTo("{\"line\":2,\"id\":\"b\"}");
      client.end();
    }
    assertThat(log.appended).hasSize(1);
  }

  @Test
  void answersKeepTheOrderOfTheLinesWhateverBecomesDurableFirst() throws Exception {
    log.holding = true;
    try (Client client = new Client(server.port())) {
      client.send(message("a") + message("b") + "{bad\n");
      log.awaitHeld(2);
      log.release(1);
      log.release(0);
      assertThat(client.answer()).isEqualTo("{\"line\":1,\"id\":\"a\"}");
      assertThat(client.answer()).isEqualTo("{\"line\":2,\"id\":\"b\"}");
      assertThat(client.answer()).contains("\"line\":3,\"error\":\"value is not well-formed JSON");
      client.end();
      assertThat(client.answer()).isNull();
    }
  }

  @Test
  void aBadLineIsAnErrorForItselfOnly() throws Exception {
    String tooLong = "{\"text\":\"" + "x".repeat(300 << 10) + "\"}\n";
    try (Client client = new Client(server.port())) {
      client.send("\n \r\n" + message("a").replace("\n", "\r\n") + tooLong + "[]\n");
      // Of the common room this test leaves enough for one long line and not for another.
      client.send(message("b").replace("\"x\"", "\"" + "x".repeat(100 << 10) + "\""));
      client.send(message("c").replace("\"x\"", "\"" + "x".repeat(200 << 10) + "\""));
      client.send(message("d").replace("\n", ""));
      client.end();

      assertThat(client.answer()).isEqualTo("{\"line\":3,\"id\":\"a\"}");
      assertThat(client.answer()).contains("\"line\":4,\"error\":\"line found no room");
      assertThat(client.answer()).contains("\"line\":5,\"error\":");
      assertThat(client.answer()).isEqualTo("{\"line\":6,\"id\":\"b\"}");
      assertThat(client.answer()).contains("\"line\":7,\"error\":\"line found no room");
      assertThat(client.answer()).isEqualTo("{\"line\":8,\"id\":\"d\"}");
      assertThat(client.answer()).isNull();
    }
    String kept = new String(log.appended.getFirst().value(), StandardCharsets.UTF_8);
    assertThat(kept.strip()).isEqualTo(message("a").strip());
    assertThat(room.take(64)).as("all room is given back").isTrue();
  }

  @Test
  void aLineBeyondTheLimitIsNotKept() throws Exception {
    try (Client client = new Client(server.port())) {
      room.give(1 << 10);
      client.send("{\"text\":\"" + "x".repeat(300 << 10) + "\"}\n" + message("a"));
      client.end();
      assertThat(client.answer())
          .contains("\"line\":1,\"error\":\"line is longer than 262144 bytes");
      assertThat(client.answer()).isEqualTo("{\"line\":2,\"id\":\"a\"}");
    }
  }

  @Test
  void noMoreThanAWindowIsTakenAheadAndOthersAreServedMeanwhile() throws Exception {
    log.holding = true;
    try (Client greedy = new Client(server.port());
        Client other = new Client(server.port())) {
      Thread sender =
          Thread.ofVirtual()
              .start(() -> {
                for (int i = 0; i < 3_000; i++) {
                  greedy.send(message("m" + i));
                }
                greedy.end();
              });
      log.awaitHeld(1_000);
      other.send(message("o"));
      log.awaitHeld(1_001);
      assertThat(log.appended.getLast().id()).isEqualTo("o");
      log.release(1_000);
      assertThat(other.answer()).isEqualTo("{\"line\":1,\"id\":\"o\"}");
      assertThat(log.heldMax).isEqualTo(1_001);
      log.release();
      for (int i = 1; i <= 3_000; i++) {
        assertThat(greedy.answer()).startsWith("{\"line\":" + i + ",\"id\":");
      }
      assertThat(greedy.answer()).isNull();
      sender.join();
    }
  }

  private static String message(String id) {
    return "{\"id\":\""
        + id
        + "\",\"from\":\"a@example.com\",\"to\":[\"b@example.com\"],\"subject\":\"x\"}\n";
  }

  /** HTTP/1.1 with a chunked body: each side of the stream can be moved by itself. */
  private static final class Client implements AutoCloseable {
    private final Socket socket;
    private final BufferedReader in;
    private final StringBuilder body = new StringBuilder();
    private boolean begun;
    private int wholeLength = -1;

    Client(int port) throws IOException {
      socket = new Socket("127.0.0.1", port);
      in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
      write(
          "POST /v1/messages/batch HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n");
    }

    void send(String text) {
      write(Integer.toHexString(text.length()) + "\r\n" + text + "\r\n");
    }

    void end() {
      write("0\r\n\r\n");
    }

    /** The next line of the answer; null at its end. */
    String answer() throws IOException {
      if (!begun) {
        begun = true;
        assertThat(in.readLine()).isEqualTo("HTTP/1.1 200 OK");
        for (String line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
          String field = line.toLowerCase(Locale.ROOT);
          assertThat(field).doesNotContain("gzip");
          if (field.startsWith("content-length:")) {
            // An answer that was complete before its first byte was written.
            wholeLength = Integer.parseInt(field.substring(field.indexOf(':') + 1).strip());
          }
        }
      }
      int end = body.indexOf("\n");
      while (end < 0) {
        if (!readChunk()) {
          return null;
        }
        end = body.indexOf("\n");
      }
      String line = body.substring(0, end);
      body.delete(0, end + 1);
      return line;
    }

    /** A line may go over from one chunk to the next. What ends a chunk comes only with the next one. */
    private boolean readChunk() throws IOException {
      if (wholeLength >= 0) {
        int left = wholeLength;
        wholeLength = 0;
        read(left);
        return left > 0;
      }
      String first = in.readLine();
      int size = Integer.parseInt(first.isEmpty() ? in.readLine() : first, 16);
      read(size);
      return size > 0;
    }

    private void read(int size) throws IOException {
      for (int i = 0; i < size; i++) {
        body.append((char) in.read());
      }
    }

    private void write(String text) {
      try {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
