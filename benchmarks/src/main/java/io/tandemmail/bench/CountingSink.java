package io.tandemmail.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Postfix's smtp-sink, read for the running count it prints ({@code -c}): messages it has taken. */
final class CountingSink implements AutoCloseable {
  private final Process process;
  private final int port;
  private final AtomicLong messages = new AtomicLong();

  private CountingSink(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  static CountingSink start() throws IOException, InterruptedException {
    return start(PostfixTools.freePort());
  }

  static CountingSink start(int port) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                PostfixTools.SINK.toString(),
                "-u",
                "nobody",
                "-c",
                "-h",
                "sink.example.com",
                "127.0.0.1:" + port,
                "512")
            .redirectErrorStream(true)
            .start();
    CountingSink sink = new CountingSink(process, port);
    Thread.ofPlatform().daemon().name("sink-count").start(sink::read);
    PostfixTools.awaitListening(port);
    return sink;
  }

  int port() {
    return port;
  }

  long taken() {
    return messages.get();
  }

  /** Messages per second from now on; those that are there already do not count. */
  double awaitRateSince(long expected, long within) throws InterruptedException, IOException {
    long before = messages.get();
    long startNanos = System.nanoTime();
    return awaitRate(expected, startNanos, within) * (expected - before) / expected;
  }

  /** Messages per second from the first to the last of them. */
  double awaitRate(long expected, long startNanos, long within)
      throws InterruptedException, IOException {
    long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(within);
    while (messages.get() < expected) {
      if (System.nanoTime() > deadlineNanos) {
        throw new IOException(
            "the sink has "
                + messages.get()
                + " of "
                + expected
                + " messages after "
                + within
                + " s");
      }
      TimeUnit.MILLISECONDS.sleep(5);
    }
    return expected / ((System.nanoTime() - startNanos) / 1e9);
  }

  @Override
  public void close() {
    process.destroy();
  }

  /** Lines are overwritten in place: {@code sess=1 quit=1 mesg=1\r}. */
  private void read() {
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII))) {
      StringBuilder line = new StringBuilder();
      for (int c = in.read(); c >= 0; c = in.read()) {
        if (c != '\r' && c != '\n') {
          line.append((char) c);
          continue;
        }
        int at = line.indexOf("mesg=");
        if (at >= 0) {
          messages.set(Long.parseLong(line.substring(at + 5).strip()));
        }
        line.setLength(0);
      }
    } catch (IOException ended) {
      // The sink was stopped.
    }
  }
}
