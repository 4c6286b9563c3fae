package io.tandemmail.bench;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** Postfix's own test programs, as Debian installs them. */
final class PostfixTools {
  static final Path SOURCE = Path.of("/usr/sbin/smtp-source");
  static final Path SINK = Path.of("/usr/sbin/smtp-sink");
  static final Path POSTFIX = Path.of("/usr/sbin/postfix");
  private static final long START_SECONDS = 10;

  private PostfixTools() {}

  static boolean available() {
    return Files.isExecutable(SOURCE) && Files.isExecutable(SINK) && Files.isExecutable(POSTFIX);
  }

  /** Below the kernel's range for outgoing connections, of which a benchmark makes many. */
  static int freePort() throws IOException {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(20_000, 32_000);
      try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return probe.getLocalPort();
      } catch (BindException taken) {
        // Another one.
      }
    }
  }

  static Process start(Path log, String... command) throws IOException {
    return new ProcessBuilder(List.of(command))
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
  }

  /** Until it has ended; whoever is interrupted meanwhile ends it. */
  static void run(String... command) throws IOException, InterruptedException {
    // Its output goes to a file: reading from a program cannot be interrupted.
    Path output = Files.createTempFile("tandem-bench-", ".log");
    try {
      Process process = start(output, command);
      try {
        if (process.waitFor() != 0) {
          throw new IOException(String.join(" ", command) + ": " + Files.readString(output));
        }
      } finally {
        process.destroy();
      }
    } finally {
      Files.delete(output);
    }
  }

  static void awaitListening(int port) throws IOException, InterruptedException {
    long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (true) {
      try (Socket probe = new Socket()) {
        probe.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
        return;
      } catch (IOException notYet) {
        if (System.nanoTime() > deadlineNanos) {
          throw new IOException("nothing listens on port " + port, notYet);
        }
        TimeUnit.MILLISECONDS.sleep(50);
      }
    }
  }
}
