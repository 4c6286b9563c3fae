package io.tandemmail.sink.wire;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Commands and content of one connection, read in large pieces.
 *
 * <p>A client that pipelines (RFC 2920) expects the replies of a group in as few segments as possible, so whoever owns this
 * input is told just before it would wait for more: that is the moment to send what was collected, and the only one.
 */
public final class SmtpInput {
  /** What has to happen before this end waits for the other one. */
  @FunctionalInterface
  public interface BeforeWaiting {
    void run() throws IOException;
  }

  private static final int BUFFER = 32 << 10;
  private static final int BUFFER_KEPT_MAX = 1 << 20;
  private static final int LINE_MAX = 64 << 10;
  private final InputStream in;
  private final BeforeWaiting beforeWaiting;
  private byte[] buffer = new byte[BUFFER];
  private int from;
  private int to;

  public SmtpInput(InputStream in, BeforeWaiting beforeWaiting) {
    this.in = in;
    this.beforeWaiting = beforeWaiting;
  }

  /** The next command without its line end. A bare LF ends it too: the sink is no judge of clients. */
  public String line() throws IOException {
    int scanned = 0;
    while (true) {
      for (int i = from + scanned; i < to; i++) {
        if (buffer[i] == '\n') {
          int end = i > from && buffer[i - 1] == '\r' ? i - 1 : i;
          String line = new String(buffer, from, end - from, StandardCharsets.UTF_8);
          from = i + 1;
          return line;
        }
      }
      scanned = to - from;
      if (scanned > LINE_MAX) {
        throw new IOException("command of more than " + LINE_MAX + " bytes");
      }
      fill();
    }
  }

  /** Waits until the first byte of content is here. */
  public void awaitContent() throws IOException {
    while (from == to) {
      fill();
    }
  }

  /**
   * Content up to the final dot, dots unstuffed (RFC 5321 section 4.5.2). Only CR LF begins a line: a dot after a bare LF is
   * content, whatever follows it, or mail could be smuggled in the mail.
   *
   * @return empty when the content was longer than {@code sizeMax} bytes; it was read to its end all the same
   */
  public Optional<byte[]> content(int sizeMax) throws IOException {
    StuffedDots stuffed = new StuffedDots();
    boolean whole = true;
    int at = 0;
    while (true) {
      at = lineStartDot(at);
      if (at + 2 < to - from) {
        if (buffer[from + at + 1] == '\r' && buffer[from + at + 2] == '\n') {
          Optional<byte[]> content =
              whole && at - stuffed.count <= sizeMax
                  ? Optional.of(stuffed.without(buffer, from, at))
                  : Optional.empty();
          from += at + 3;
          shrink();
          return content;
        }
        if (whole) {
          stuffed.add(at);
        }
        at += 3;
      } else {
        if (whole && at - stuffed.count > sizeMax + 2L) {
          whole = false;
        }
        if (!whole) {
          at -= forget(at);
        }
        fill();
      }
    }
  }

  /** The next {@code size} bytes as they are, which is what follows BDAT (RFC 3030). Memory grows with what has arrived. */
  public byte[] chunk(int size) throws IOException {
    while (to - from < size) {
      fill();
    }
    byte[] chunk = Arrays.copyOfRange(buffer, from, from + size);
    from += size;
    shrink();
    return chunk;
  }

  /** Reads this many bytes and keeps none. */
  public void skip(long size) throws IOException {
    for (long left = size; left > 0; ) {
      awaitContent();
      int gone = (int) Math.min(left, to - from);
      from += gone;
      left -= gone;
    }
  }

  /** Reads until the client closes, which ends it with an {@link EOFException}. */
  public void discard() throws IOException {
    while (true) {
      from = to;
      fill();
    }
  }

  /**
   * Offset ≥ {@code start} of a dot that begins a line. When none is here yet: where to look next, beyond what is here or at
   * a dot whose two followers are not here. Looks at every third byte only, as Horspool's search for CR LF dot allows.
   */
  private int lineStartDot(int start) {
    int available = to - from;
    int at = start;
    while (at < available) {
      byte here = buffer[from + at];
      if (here == '.'
          && (at == 0
              || (at >= 2 && buffer[from + at - 1] == '\n' && buffer[from + at - 2] == '\r'))) {
        return at;
      }
      at += here == '\n' ? 1 : here == '\r' ? 2 : 3;
    }
    return at;
  }

  /** Drops content that nobody will ask for, all but the line end that may precede a dot at {@code at}. */
  private int forget(int at) {
    int gone = Math.min(Math.max(0, at - 2), to - from);
    from += gone;
    return gone;
  }

  private void shrink() {
    if (buffer.length > BUFFER_KEPT_MAX && to - from <= BUFFER) {
      byte[] next = new byte[BUFFER];
      System.arraycopy(buffer, from, next, 0, to - from);
      to -= from;
      from = 0;
      buffer = next;
    }
  }

  private void fill() throws IOException {
    beforeWaiting.run();
    if (from == to) {
      from = 0;
      to = 0;
    } else if (to == buffer.length) {
      int length = to - from;
      byte[] next = length > buffer.length / 2 ? new byte[buffer.length * 2] : buffer;
      System.arraycopy(buffer, from, next, 0, length);
      buffer = next;
      from = 0;
      to = length;
    }
    int read = in.read(buffer, to, buffer.length - to);
    if (read < 0) {
      throw new EOFException();
    }
    to += read;
  }

  /** Where the dots are that the client added. */
  private static final class StuffedDots {
    private int[] offsets = new int[8];
    private int count;

    void add(int offset) {
      if (count == offsets.length) {
        offsets = Arrays.copyOf(offsets, count * 2);
      }
      offsets[count++] = offset;
    }

    byte[] without(byte[] bytes, int from, int length) {
      byte[] content = new byte[length - count];
      int read = 0;
      int written = 0;
      for (int i = 0; i <= count; i++) {
        int end = i < count ? offsets[i] : length;
        System.arraycopy(bytes, from + read, content, written, end - read);
        written += end - read;
        read = end + 1;
      }
      return content;
    }
  }
}
