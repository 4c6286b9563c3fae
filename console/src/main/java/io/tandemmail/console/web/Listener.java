package io.tandemmail.console.web;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * One who listens to the stream. Whoever has news leaves it here and goes on; the listener's own thread writes it. Who does
 * not read falls behind, and is cut off when no more fits.
 */
final class Listener {
  /** Two minutes of readings, or as many changes of health at once. The events are shared, so this is not their memory. */
  static final int WAITING_MAX = 64;

  private static final byte[] END = {};
  private static final byte[] HEARTBEAT = ": still here\n\n".getBytes(StandardCharsets.US_ASCII);

  private final BlockingQueue<byte[]> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
  private final Runnable cut;

  /**
   * @param cut closes the connection, whatever is being written to it; does not block
   */
  Listener(Runnable cut) {
    this.cut = cut;
  }

  /** Never blocks. False when the listener was too slow, and was cut off. */
  boolean offer(byte[] event) {
    boolean taken = waiting.offer(event);
    if (!taken) {
      cut.run();
    }
    return taken;
  }

  /** Asks it to end; with a writer that hangs, only {@link #cut()} helps. */
  void end() {
    waiting.clear();
    offer(END);
  }

  void cut() {
    cut.run();
  }

  /** Writes what comes until the end is asked for, the reader is gone, or it was cut off. */
  @SuppressWarnings("ReferenceEquality") // END is a mark, not a content.
  void write(OutputStream out, Duration heartbeat) throws IOException, InterruptedException {
    while (true) {
      byte[] event = waiting.poll(heartbeat.toMillis(), TimeUnit.MILLISECONDS);
      if (event == END) {
        return;
      }
      out.write(event == null ? HEARTBEAT : event);
      out.flush();
    }
  }
}
