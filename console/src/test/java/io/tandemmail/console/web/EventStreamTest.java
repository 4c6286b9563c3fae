package io.tandemmail.console.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.console.StatusJson;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EventStreamTest {
  private static final byte[] LARGE =
      ("\"" + "x".repeat(256 << 10) + "\"").getBytes(StandardCharsets.US_ASCII);

  /** Jetty waits this long for requests in flight when nobody ends them. */
  private static final Duration WITHOUT_ENDING = Duration.ofSeconds(6);

  @Test
  void aListenerHearsTheStatusAtOnceAndThenEveryEvent() throws Exception {
    try (ConsoleUnderTest console = new ConsoleUnderTest();
        Socket socket = console.listener()) {
      BufferedReader lines = lines(socket);
      assertThat(lines.readLine()).isEqualTo("HTTP/1.1 200 OK");
      List<String> headers = until(lines, "");
      assertThat(headers)
          .anyMatch(line -> line.equalsIgnoreCase("content-type: text/event-stream; charset=utf-8"))
          .noneMatch(line -> line.toLowerCase(Locale.ROOT).startsWith("content-encoding"));
      assertThat(until(lines, "event: status")).contains("retry: 2000");
      assertThat(lines.readLine())
          .isEqualTo("data: " + text(StatusJson.all(ConsoleUnderTest.status())));

      console.stream.publish(
          "health", StatusJson.server(ConsoleUnderTest.health(ConsoleUnderTest.HOSTILE)));
      until(lines, "event: health");
      assertThat(lines.readLine())
          .startsWith("data: {\"id\":\"mx-a\",\"state\":\"DOWN\"")
          .contains("\\u001B")
          .endsWith("}");
    }
  }

  @Test
  void whereNothingHappensThereIsAHeartbeat() throws Exception {
    try (ConsoleUnderTest console = new ConsoleUnderTest(Duration.ofMillis(20));
        Socket socket = console.listener()) {
      until(lines(socket), ": still here");
    }
  }

  @Test
  void aListenerThatDoesNotReadIsCutOffAndHoldsUpNobody() throws Exception {
    try (ConsoleUnderTest console = new ConsoleUnderTest();
        Socket reading = console.listener();
        Socket slow = console.listener()) {
      Semaphore heard = new Semaphore(0);
      Thread.ofVirtual().start(() -> count(reading, heard));
      awaitListeners(console, 2);
      int published = 0;
      while (console.stream.listening() == 2) {
        console.stream.publish("status", LARGE);
        published++;
        // The one that reads has each event before there is the next.
        assertThat(heard.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
        assertThat(published).isLessThan(1_000);
      }

      assertThat(console.stream.listening()).isEqualTo(1);
      assertThat(readToEnd(slow)).isLessThan((long) published * LARGE.length);
      console.stream.publish("status", LARGE);
      assertThat(heard.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void thereAreOnlySoManyPlacesAndTheyAreGivenBack() throws Exception {
    List<Socket> sockets = new ArrayList<>();
    try (ConsoleUnderTest console = new ConsoleUnderTest()) {
      for (int i = 0; i < EventStream.LISTENERS_MAX; i++) {
        sockets.add(console.listener());
      }
      awaitListeners(console, EventStream.LISTENERS_MAX);

      HttpResponse<String> refused = console.get("/v1/stream");
      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(refused.headers().firstValue("retry-after")).hasValue("5");
      assertThat(console.get("/v1/status").statusCode()).isEqualTo(200);

      sockets.removeFirst().close();
      while (console.stream.listening() == EventStream.LISTENERS_MAX) {
        // Whoever is gone is noticed when something is written to it.
        console.stream.publish("status", "{}".getBytes(StandardCharsets.US_ASCII));
        Thread.onSpinWait();
      }
      assertThat(console.stream.listening()).isLessThan(EventStream.LISTENERS_MAX);
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  @Test
  void atTheEndAllStreamsEndAlsoThoseThatHang() throws Exception {
    ConsoleUnderTest console = new ConsoleUnderTest();
    try (Socket reading = console.listener();
        Socket hanging = console.listener()) {
      awaitListeners(console, 2);
      Semaphore heard = new Semaphore(0);
      Thread reader = Thread.ofVirtual().start(() -> count(reading, heard));
      // More than the kernel holds for a socket, less than what cuts a listener off.
      for (int i = 0; i < Listener.WAITING_MAX - 4; i++) {
        console.stream.publish("status", LARGE);
        assertThat(heard.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
      }
      assertThat(console.stream.listening()).isEqualTo(2);
      long begun = System.nanoTime();
      console.close();

      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(WITHOUT_ENDING);
      reader.join();
      readToEnd(hanging);
    } finally {
      console.close();
    }
  }

  private static void awaitListeners(ConsoleUnderTest console, int count) {
    while (console.stream.listening() < count) {
      Thread.onSpinWait();
    }
  }

  private static void count(Socket socket, Semaphore events) {
    try (BufferedReader lines = lines(socket)) {
      String line = lines.readLine();
      while (line != null) {
        if (line.startsWith("data: \"")) {
          events.release();
        }
        line = lines.readLine();
      }
    } catch (IOException ended) {
      // Closed under it.
    }
  }

  private static long readToEnd(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    byte[] buffer = new byte[64 << 10];
    long total = 0;
    try {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        total += n;
      }
    } catch (SocketException reset) {
      // Cut off, which is an end.
    }
    return total;
  }

  private static List<String> until(BufferedReader lines, String wanted) throws IOException {
    List<String> before = new ArrayList<>();
    String line = lines.readLine();
    while (line != null && !line.equals(wanted)) {
      before.add(line);
      line = lines.readLine();
    }
    assertThat(line).as("%s after %s", wanted, before).isEqualTo(wanted);
    return before;
  }

  private static BufferedReader lines(Socket socket) throws IOException {
    return new BufferedReader(
        new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
  }

  private static String text(byte[] json) {
    return new String(json, StandardCharsets.UTF_8);
  }
}
