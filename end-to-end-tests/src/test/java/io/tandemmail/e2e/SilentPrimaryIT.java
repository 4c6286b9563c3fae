package io.tandemmail.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tandemmail.sink.Behaviour;
import io.tandemmail.sink.MailSink;
import io.tandemmail.sink.ReceivedMessage;
import io.tandemmail.sink.SinkConfig;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A primary that falls silent says nothing of it: the mail that waits for it must leave by the secondary within three
 * seconds all the same. A route for each way to be silent, with the defaults of {@code health}.
 */
class SilentPrimaryIT {
  private static final Duration BOUND = Duration.ofSeconds(3);

  /** Nothing can be known of a silence before it has lasted for so long, so this mail was placed on the primary. */
  private static final Duration PLACED = Duration.ofMillis(700);

  private static final Duration START = Duration.ofSeconds(120);

  @TempDir Path folder;
  private final Map<String, Instant> submitted = new ConcurrentHashMap<>();
  private final Map<String, Instant> byPrimary = new ConcurrentHashMap<>();
  private final Map<String, Instant> bySecondary = new ConcurrentHashMap<>();
  private final List<Closeable> opened = new ArrayList<>();
  private volatile String fed = "connect";
  private volatile boolean feeding = true;

  @AfterEach
  void letGo() throws IOException {
    for (Closeable each : opened) {
      each.close();
    }
  }

  @Test
  void theSecondaryDeliversTheFirstWaitingMessageWithinThreeSeconds() throws Exception {
    int port = Submissions.freePort();
    try (Pauses pauses = new Pauses();
        MailSink mute = primary("mute");
        MailSink hole = primary("hole");
        MailSink dot = primary("dot");
        MailSink secondary = MailSink.start(SinkConfig.named("b"), it -> arrived(bySecondary, it));
        TandemProcess standalone = standalone(port, mute, hole, dot, secondary)) {
      Thread feeder = Thread.ofPlatform().start(() -> feed("http://127.0.0.1:" + port));
      try {
        silence("connect", pauses, () -> falls(mute, "silent-after-connect"));
        silence("hole", pauses, () -> swallows(hole));
        silence("dot", pauses, () -> falls(dot, "silent-dot"));
      } finally {
        feeding = false;
        feeder.join();
      }
      assertThat(standalone.output()).as("its log").doesNotContain(" ERROR ");
    }
  }

  private interface Fault {
    void begin() throws Exception;
  }

  private void silence(String route, Pauses pauses, Fault fault) throws Exception {
    fed = route;
    await("mail by the primary")
        .atMost(START)
        .until(() -> byPrimary.keySet().stream().filter(key -> isOf(key, route)).count() > 20);
    fault.begin();
    Instant from = Instant.now();
    await("mail by the secondary")
        .atMost(START)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> first(route, from).isBefore(Instant.MAX));
    Instant first = first(route, from);
    Duration stoodStill = pauses.within(from, first);
    Duration took = Duration.between(from, first);
    System.out.printf(
        "silent (%s): first waiting message by the secondary after %d ms; this JVM stood still for"
            + " %d ms%n",
        route, took.toMillis(), stoodStill.toMillis());

    assertThat(took)
        .as("from silence (%s) to the secondary, and what the machine stood still meanwhile", route)
        .isLessThan(BOUND.plus(stoodStill));
  }

  private Instant first(String route, Instant from) {
    return bySecondary.entrySet().stream()
        .filter(entry -> isOf(entry.getKey(), route) && entry.getValue().isAfter(from))
        .filter(entry -> {
          Instant at = submitted.get(entry.getKey());
          return at != null && at.isBefore(from.plus(PLACED));
        })
        .map(Map.Entry::getValue)
        .min(Instant::compareTo)
        .orElse(Instant.MAX);
  }

  /** In sessions that are open it greets no more, so those are cut. */
  private static void falls(MailSink server, String how) throws IOException {
    server.behave(Behaviour.parse(how).orElseThrow(() -> new IllegalArgumentException(how)));
    if (how.endsWith("connect")) {
      server.stop();
      server.restart();
    }
  }

  /** Its queue of connections is full and nobody takes any out: the kernel answers no SYN any more. */
  private void swallows(MailSink server) throws IOException {
    server.stop();
    ServerSocket deaf = new ServerSocket();
    opened.add(deaf);
    deaf.setReuseAddress(true);
    deaf.bind(new InetSocketAddress("127.0.0.1", server.port()), 1);
    while (true) {
      Socket socket = new Socket();
      opened.add(socket);
      try {
        socket.connect(deaf.getLocalSocketAddress(), 100);
      } catch (SocketTimeoutException full) {
        return;
      }
    }
  }

  private MailSink primary(String name) throws IOException {
    return MailSink.start(SinkConfig.named(name), it -> arrived(byPrimary, it));
  }

  private static void arrived(Map<String, Instant> where, ReceivedMessage message) {
    where.putIfAbsent(message.key(), Instant.now());
  }

  private static boolean isOf(String key, String route) {
    return key.startsWith(route + "-");
  }

  private void feed(String ingest) {
    int count = 0;
    try {
      while (feeding) {
        String id = fed + "-" + count++;
        submitted.put(id, Instant.now());
        Submissions.post(ingest, id, id.substring(0, id.indexOf('-')));
        TimeUnit.MILLISECONDS.sleep(20);
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private TandemProcess standalone(int port, MailSink mute, MailSink hole, MailSink dot, MailSink b)
      throws IOException {
    Path config =
        Files.writeString(
            folder.resolve("tandem.yaml"),
            """
            kafka: { embedded: { port: %d, data-dir: %s }, partitions: 4 }
            ingest: { http: { port: %d } }
            console: { port: 0 }
            worker: { ehlo-name: localhost }
            servers:
              mute: { host: 127.0.0.1, port: %d, tls: none }
              hole: { host: 127.0.0.1, port: %d, tls: none }
              dot: { host: 127.0.0.1, port: %d, tls: none }
              b: { host: 127.0.0.1, port: %d, tls: none }
            routes:
              default: { primary: b }
              connect: { primary: mute, secondary: b }
              hole: { primary: hole, secondary: b }
              dot: { primary: dot, secondary: b }
            """
                .formatted(
                    Submissions.freePort(),
                    folder.resolve("tandem-data"),
                    port,
                    mute.port(),
                    hole.port(),
                    dot.port(),
                    b.port()));
    return TandemProcess.tandem(folder, "standalone", "standalone", "--config", config.toString())
        .awaitOutput("tandem is ready", START);
  }
}
