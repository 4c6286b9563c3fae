package io.tandemmail.standalone.broker;

import io.tandemmail.model.disk.ByteSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Ends the process while its disk still has room for an end in order. On a full disk Kafka stops in the middle of a write, or,
 * where the write was to a mapped file, answers with errors and goes on: nobody would deliver and nobody would say so.
 */
final class LastRoom implements AutoCloseable {
  /** For what is in flight, its outcomes and positions, and the broker's own last files. */
  static final long BYTES = 32L << 20;

  /** Rather often than late: asking costs a system call. */
  private static final Duration EVERY = Duration.ofMillis(200);

  private final Path folder;
  private final Runnable end;
  private final Thread watching;

  private LastRoom(Path folder, Runnable end) {
    this.folder = folder;
    this.end = end;
    this.watching = Thread.ofPlatform().daemon().name("last-room").unstarted(this::run);
  }

  /**
   * @param end begins to end the process in order, and returns
   */
  static LastRoom watch(Path folder, Runnable end) {
    LastRoom watch = new LastRoom(folder, end);
    watch.watching.start();
    return watch;
  }

  /** Free space below the folder. */
  static long usableBytes(Path folder) throws IOException {
    return Files.getFileStore(folder).getUsableSpace();
  }

  /** What to do about it, for people. */
  static String remedy(Path folder) {
    return "free space in "
        + folder
        + " and start again; what was accepted is kept. ingest.min-free-disk says how much is left for it";
  }

  @Override
  public void close() {
    watching.interrupt();
  }

  private void run() {
    try {
      long usable = usableBytes(folder);
      while (usable >= BYTES) {
        Thread.sleep(EVERY);
        usable = usableBytes(folder);
      }
      System.err.println(
          "tandem: the disk of the embedded broker is full, "
              + ByteSize.text(usable)
              + " are left: stopping");
      System.err.println("tandem: " + remedy(folder));
      end.run();
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      System.err.println("tandem: warning: the free space of " + folder + " is not known: " + e);
    }
  }
}
