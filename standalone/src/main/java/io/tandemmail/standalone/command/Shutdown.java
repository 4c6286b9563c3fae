package io.tandemmail.standalone.command;

import io.tandemmail.runtime.config.ConfigFile;
import io.tandemmail.runtime.time.ClockWatch;
import io.tandemmail.standalone.FatalExit;
import java.util.concurrent.CountDownLatch;

/** Runs a service until SIGTERM or SIGINT, then closes it in order before the process ends. */
final class Shutdown {
  private Shutdown() {}

  /**
   * @param configuration not taken on any more once the service stops
   */
  static void await(AutoCloseable service, ConfigFile configuration) throws InterruptedException {
    ClockWatch.start(FatalExit::exit);
    await(() -> {
      configuration.close();
      service.close();
    });
  }

  static void await(AutoCloseable service) throws InterruptedException {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch closed = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  asked.countDown();
                  try {
                    closed.await();
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                },
                "shutdown"));
    asked.await();
    try {
      service.close();
    } catch (Exception e) {
      System.err.println("tandem: closing: " + e.getMessage());
    } finally {
      closed.countDown();
    }
  }
}
