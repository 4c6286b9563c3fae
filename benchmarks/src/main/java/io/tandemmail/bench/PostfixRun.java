package io.tandemmail.bench;

import io.tandemmail.standalone.TemporaryFolder;
import java.io.IOException;

/** Debian's Postfix with its default limits, relaying into the sink. */
final class PostfixRun {
  private static final long WITHIN_SECONDS = 1_800;

  private PostfixRun() {}

  static double perSecond(int messages) throws IOException, InterruptedException {
    int port = PostfixTools.freePort();
    try (TemporaryFolder folder = TemporaryFolder.create("tandem-bench-postfix-");
        CountingSink sink = CountingSink.start();
        PostfixRelay postfix = PostfixRelay.start(folder.path(), port, sink.port())) {
      PostfixTools.awaitListening(port);
      long startNanos = System.nanoTime();
      LimitRun.source(port, messages);
      return sink.awaitRate(messages, startNanos, WITHIN_SECONDS);
    }
  }
}
