package io.tandemmail.bench;

import java.io.IOException;

/** smtp-source straight into smtp-sink, sessions reused: what the sink can take on this machine. */
final class LimitRun {
  static final String CONNECTIONS = "20";
  static final String MESSAGE_BYTES = "4096";
  private static final long WITHIN_SECONDS = 300;

  private LimitRun() {}

  static double perSecond(int messages) throws IOException, InterruptedException {
    try (CountingSink sink = CountingSink.start()) {
      long startNanos = System.nanoTime();
      source(sink.port(), messages);
      return sink.awaitRate(messages, startNanos, WITHIN_SECONDS);
    }
  }

  /** {@code -d}: does not disconnect after each message. */
  static void source(int port, int messages) throws IOException, InterruptedException {
    PostfixTools.run(
        PostfixTools.SOURCE.toString(),
        "-d",
        "-s",
        CONNECTIONS,
        "-m",
        Integer.toString(messages),
        "-l",
        MESSAGE_BYTES,
        "-f",
        "bounce@example.com",
        "-t",
        "ann@example.net",
        "127.0.0.1:" + port);
  }
}
