package io.tandemmail.ingest.smtp;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * A socket's bytes, with a time by which they must be here: a client that sends one byte a minute is not waited for longer than
 * one that is silent.
 *
 * <p>Between two transactions it lets go of the connection's turn while it waits, so that a listener that stops can say
 * farewell then, and only then.
 */
final class PatientStream extends InputStream {
  private final Socket socket;
  private final InputStream in;
  private final Duration readMax;
  private final ReentrantLock turn;
  private final BooleanSupplier idle;
  private long deadlineNanos;

  PatientStream(Socket socket, Duration readMax, ReentrantLock turn, BooleanSupplier idle)
      throws IOException {
    this.socket = socket;
    this.in = socket.getInputStream();
    this.readMax = readMax;
    this.turn = turn;
    this.idle = idle;
  }

  /** From now on. */
  void allow(Duration time) {
    deadlineNanos = System.nanoTime() + time.toNanos();
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    long leftMillis = Math.min(readMax.toMillis(), (deadlineNanos - System.nanoTime()) / 1_000_000);
    if (leftMillis <= 0) {
      throw new SocketTimeoutException("not here in time");
    }
    socket.setSoTimeout((int) leftMillis);
    if (!idle.getAsBoolean()) {
      return in.read(target, offset, length);
    }
    turn.unlock();
    int read;
    try {
      read = in.read(target, offset, length);
    } finally {
      turn.lock();
    }
    if (socket.isClosed()) {
      throw new SocketException("the listener has stopped");
    }
    return read;
  }
}
