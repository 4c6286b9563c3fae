package io.tandemmail.standalone;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A demo or a benchmark on the main thread. SIGINT and SIGTERM interrupt it, and the process ends when it has closed what it
 * opened: its brokers, the programs it started, the folder with its data.
 */
public final class Trial {
  private static final Duration CLOSE = Duration.ofSeconds(20);

  private final Thread runner = Thread.currentThread();
  private final CountDownLatch over = new CountDownLatch(1);
  private volatile boolean ending;

  private Trial() {}

  /** What the trial returns or throws; does not return once the process is told to end. */
  public static <T> T run(Callable<T> trial) throws Exception {
    Trial one = new Trial();
    Runtime.getRuntime().addShutdownHook(new Thread(one::end, "end-trial"));
    try {
      return trial.call();
    } catch (Exception e) {
      if (one.ending) {
        // The process ends, and nobody asked how the trial went.
        one.over.countDown();
        new CountDownLatch(1).await();
      }
      throw e;
    } finally {
      one.over.countDown();
    }
  }

  private void end() {
    if (over.getCount() == 0) {
      return;
    }
    ending = true;
    runner.interrupt();
    try {
      if (!over.await(CLOSE.toSeconds(), TimeUnit.SECONDS)) {
        System.err.println("tandem: not closed within " + CLOSE.toSeconds() + " s; ending");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
