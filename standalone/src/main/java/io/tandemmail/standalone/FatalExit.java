package io.tandemmail.standalone;

/** Ends the process, in order as after SIGTERM, because a service has given up: exit code 69. */
public final class FatalExit {
  private static final int UNAVAILABLE = 69;

  private FatalExit() {}

  /** Returns at once: the caller is a thread of the service that is about to be closed. */
  public static void exit() {
    Thread.ofPlatform().name("fatal-exit").start(() -> Runtime.getRuntime().exit(UNAVAILABLE));
  }
}
