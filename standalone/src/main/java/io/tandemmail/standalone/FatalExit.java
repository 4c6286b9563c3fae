package io.tandemmail.standalone;

import java.time.Duration;

/** Ends the process, in order as after SIGTERM if that can be done, because a service has given up: exit code 69. */
public final class FatalExit {
  private static final int UNAVAILABLE = 69;

  /** What a close waits for may be just what has failed. */
  private static final Duration IN_ORDER = Duration.ofSeconds(45);

  private FatalExit() {}

  /** Returns at once: the caller is a thread of the service that is about to be closed. */
  public static void exit() {
    Thread.ofPlatform().name("fatal-exit").start(() -> Runtime.getRuntime().exit(UNAVAILABLE));
    Thread.ofPlatform().daemon().name("fatal-halt").start(FatalExit::haltLater);
  }

  private static void haltLater() {
    try {
      Thread.sleep(IN_ORDER);
      System.err.println("tandem: not closed in " + IN_ORDER.toSeconds() + " s; ending as it is");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(UNAVAILABLE);
  }
}
