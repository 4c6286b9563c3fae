package io.tandemmail.worker.smtp.engine;

import io.tandemmail.worker.smtp.Fault;
import io.tandemmail.worker.smtp.Phase;
import io.tandemmail.worker.smtp.Reply;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/**
 * The connection's bytes: an output buffer that goes out in few writes, an input buffer that replies are cut from, one
 * deadline per reply. Knows how much of a write the kernel took, which is what decides whether a final dot left at all.
 */
final class Wire {
  private static final byte[] CRLF = {'\r', '\n'};

  private final SocketChannel channel;
  private Socket socket;
  private InputStream in;
  private OutputStream tlsOut;
  private boolean tls;
  private final ByteBuffer out = ByteBuffer.allocate(64 << 10);
  private final byte[] input = new byte[8 << 10];
  private int inputFrom;
  private int inputTo;
  private ReplyParser parser = new ReplyParser();

  Wire(SocketChannel channel) throws IOException {
    this.channel = channel;
    this.socket = channel.socket();
    this.in = socket.getInputStream();
    this.tlsOut = OutputStream.nullOutputStream();
  }

  Socket socket() {
    return socket;
  }

  boolean isTls() {
    return tls;
  }

  /** Goes on over TLS. What was read but not used before is thrown away with the plain text it came in (RFC 3207 section 6). */
  void secured(Socket tlsSocket) throws IOException {
    socket = tlsSocket;
    in = tlsSocket.getInputStream();
    tlsOut = tlsSocket.getOutputStream();
    tls = true;
    inputFrom = inputTo;
    parser = new ReplyParser();
  }

  void command(String text) throws IOException {
    bytes(text.getBytes(StandardCharsets.UTF_8));
    bytes(CRLF);
  }

  void bytes(byte[] data) throws IOException {
    bytes(data, 0, data.length);
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
    try {
      if (tls) {
        tlsOut.write(out.array(), 0, out.limit());
        tlsOut.flush();
      } else {
        while (out.hasRemaining()) {
          channel.write(out);
        }
      }
      return true;
    } catch (IOException e) {
      // Of a TLS record nothing is known; a plain write that throws has taken nothing of what was
      // still in the buffer.
      if (tail > 0 && !tls && out.position() <= head) {
        return false;
      }
      throw e;
    } finally {
      out.clear();
    }
  }

  /** True when the server said something nobody asked for. */
  boolean hasUnreadInput() throws IOException {
    return inputFrom < inputTo || in.available() > 0;
  }

  /** The next reply, complete within the time or not at all. */
  Reply reply(Phase phase, Duration within) throws SmtpFailure {
    long deadlineNanos = System.nanoTime() + within.toNanos();
    try {
      while (true) {
        inputFrom += parser.feed(input, inputFrom, inputTo);
        Optional<Reply> complete = parser.take();
        if (complete.isPresent()) {
          return complete.get();
        }
        fill(deadlineNanos);
      }
    } catch (ReplyParser.Malformed e) {
      Fault.Kind kind = e.tooLong() ? Fault.Kind.REPLY_TOO_LONG : Fault.Kind.OUT_OF_STEP;
      throw new SmtpFailure(new Fault(kind, phase, e.getMessage()));
    } catch (IOException e) {
      throw SmtpFailure.of(e, phase);
    }
  }

  void closeNow() {
    try {
      channel.close();
    } catch (IOException alreadyGone) {
      // Closing is all that was wanted.
    }
  }

  private void fill(long deadlineNanos) throws IOException {
    long leftMillis = (deadlineNanos - System.nanoTime()) / 1_000_000;
    if (leftMillis <= 0) {
      throw new SocketTimeoutException("no complete reply in time");
    }
    socket.setSoTimeout((int) Math.min(Integer.MAX_VALUE, leftMillis));
    int read = in.read(input, 0, input.length);
    if (read < 0) {
      throw new EOFException("connection closed by the server");
    }
    inputFrom = 0;
    inputTo = read;
  }
}
