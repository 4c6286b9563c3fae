package io.tandemmail.smtp.engine;

import io.tandemmail.smtp.Fault;
import io.tandemmail.smtp.Phase;
import io.tandemmail.smtp.Reply;
import io.tandemmail.smtp.protocol.ReplyParser;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * The connection's bytes: an output buffer that goes out in few writes, an input buffer that replies are cut from, one
 * deadline per reply, one for each stretch of writing. Knows how much of a write the kernel took, which is what decides
 * whether a final dot left at all.
 */
final class Wire {
  private static final int OUT_BYTES = 64 << 10;

  private final SocketChannel channel;
  private final WriteDeadlines deadlines;
  private Socket socket;
  private InputStream in;
  private @Nullable OutputStream tlsOut;

  /** Outside the heap, so that what is written is copied once; TLS wants an array and gets one. */
  private ByteBuffer out = ByteBuffer.allocateDirect(OUT_BYTES);

  private final byte[] input = new byte[8 << 10];
  private int inputFrom;
  private int inputTo;
  private ReplyParser parser = new ReplyParser();
  private Duration writeWithin = Duration.ofMinutes(3);
  private volatile long writeDeadlineNanos = WriteDeadlines.NOT_WRITING;
  private volatile boolean writeTimedOut;

  Wire(SocketChannel channel, WriteDeadlines deadlines) throws IOException {
    this.channel = channel;
    this.deadlines = deadlines;
    this.socket = channel.socket();
    this.in = socket.getInputStream();
    deadlines.watch(this);
  }

  Socket socket() {
    return socket;
  }

  /** How long the server may take no byte at all of what is written, RFC 5321 section 4.5.3.2.5. */
  void writeWithin(Duration within) {
    writeWithin = within;
  }

  /** The TLS handshake, complete within the time or not at all: a peer that trickles is cut off too. */
  void handshake(SSLSocket secured, Duration within) throws IOException {
    secured.setSoTimeout((int) within.toMillis());
    writeDeadlineNanos = System.nanoTime() + within.toNanos();
    try {
      secured.startHandshake();
    } catch (IOException e) {
      throw writeTimedOut ? new SocketTimeoutException("TLS handshake not done in time") : e;
    } finally {
      writeDeadlineNanos = WriteDeadlines.NOT_WRITING;
    }
    secured(secured);
  }

  /** Goes on over TLS. What was read but not used before is thrown away with the plain text it came in (RFC 3207 section 6). */
  private void secured(Socket tlsSocket) throws IOException {
    socket = tlsSocket;
    in = tlsSocket.getInputStream();
    tlsOut = tlsSocket.getOutputStream();
    out = ByteBuffer.allocate(OUT_BYTES);
    inputFrom = inputTo;
    parser = new ReplyParser();
  }

  void bytes(byte[] data, int from, int length) throws IOException {
    int done = 0;
    while (done < length) {
      if (!out.hasRemaining()) {
        flush();
      }
      int part = Math.min(out.remaining(), length - done);
      out.put(data, from + done, part);
      done += part;
    }
  }

  void flush() throws IOException {
    flushLast(0);
  }

  /**
   * Writes everything and says what the kernel took when that fails.
   *
   * @param tail number of bytes at the end that must not be counted as sent unless the kernel took one of them
   * @return true when all was written; false when the write failed before any of the tail could have left
   * @throws IOException when it failed and some of the tail may have left
   */
  boolean flushLast(int tail) throws IOException {
    out.flip();
    int head = out.limit() - tail;
    OutputStream encrypted = tlsOut;
    try {
      if (encrypted != null) {
        writing();
        encrypted.write(out.array(), 0, out.limit());
        encrypted.flush();
      } else {
        while (out.hasRemaining()) {
          writing();
          channel.write(out);
        }
      }
      return true;
    } catch (IOException e) {
      // Of a TLS record nothing is known; a plain write that throws has taken nothing of what was
      // still in the buffer.
      if (tail > 0 && encrypted == null && out.position() <= head) {
        return false;
      }
      throw writeTimedOut ? new SocketTimeoutException("the server took no byte in time") : e;
    } finally {
      writeDeadlineNanos = WriteDeadlines.NOT_WRITING;
      out.clear();
    }
  }

  private void writing() {
    writeDeadlineNanos = System.nanoTime() + writeWithin.toNanos();
  }

  /** For the watch over writes, from its own thread. */
  void closeIfWriteIsLate(long nowNanos) {
    long deadline = writeDeadlineNanos;
    if (deadline != WriteDeadlines.NOT_WRITING && nowNanos - deadline > 0) {
      writeTimedOut = true;
      closeNow();
    }
  }

  /** True when there are bytes beyond the last reply; looks only at what has been read. */
  boolean hasBufferedInput() {
    return inputFrom < inputTo;
  }

  /** True when the server said something nobody asked for. */
  boolean hasUnreadInput() throws IOException {
    return hasBufferedInput() || in.available() > 0;
  }

  /** The next reply, complete within the time or not at all. */
  Reply reply(Phase phase, Duration within) throws SmtpFailure {
    long deadlineNanos = System.nanoTime() + within.toNanos();
    Reply reply = replyUntil(phase, deadlineNanos, deadlineNanos);
    if (reply == null) {
      throw new SmtpFailure(
          new Fault(Fault.Kind.REPLY_TIMEOUT, phase, "no complete reply in time"));
    }
    return reply;
  }

  /**
   * The next reply, or null when {@code pauseNanos} comes first: call again then. After the deadline it is a fault.
   */
  @Nullable Reply replyUntil(Phase phase, long pauseNanos, long deadlineNanos) throws SmtpFailure {
    try {
      while (true) {
        inputFrom += parser.feed(input, inputFrom, inputTo);
        Optional<Reply> complete = parser.take();
        if (complete.isPresent()) {
          return complete.get();
        }
        boolean pauseFirst = pauseNanos - deadlineNanos < 0;
        if (!fill(pauseFirst ? pauseNanos : deadlineNanos)) {
          if (pauseFirst) {
            return null;
          }
          throw new SocketTimeoutException("no complete reply in time");
        }
      }
    } catch (ReplyParser.Malformed e) {
      Fault.Kind kind = e.tooLong() ? Fault.Kind.REPLY_TOO_LONG : Fault.Kind.OUT_OF_STEP;
      throw new SmtpFailure(new Fault(kind, phase, String.valueOf(e.getMessage())));
    } catch (IOException e) {
      throw SmtpFailure.of(e, phase);
    }
  }

  void closeNow() {
    deadlines.forget(this);
    try {
      channel.close();
    } catch (IOException alreadyGone) {
      // Closing is all that was wanted.
    }
  }

  /** False when the time was over first. */
  private boolean fill(long untilNanos) throws IOException {
    long leftMillis = (untilNanos - System.nanoTime() + 999_999) / 1_000_000;
    if (leftMillis <= 0) {
      return false;
    }
    socket.setSoTimeout((int) Math.min(Integer.MAX_VALUE, leftMillis));
    int read;
    try {
      read = in.read(input, 0, input.length);
    } catch (SocketTimeoutException tooLate) {
      return false;
    }
    if (read < 0) {
      throw new EOFException("connection closed by the server");
    }
    inputFrom = 0;
    inputTo = read;
    return true;
  }
}
