package io.tandemmail.smtp.server;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Commands and content of one connection, read in large pieces.
 *
 * <p>A client that pipelines (RFC 2920) expects the replies of a group in as few segments as possible, so whoever owns this
 * input is told just before it would wait for more: that is the moment to send what was collected, and the only one.
 *
 * <p>Memory beyond the first {@code 64 KiB} comes from a {@link Room}: claimed as bytes arrive, never for what a client merely
 * announces, and given back with {@link #release}.
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

  /** Of the memory, what is not taken from the common room: small messages always find theirs. */
  private static final int OWN_BYTES = 64 << 10;

  /** What an array of its own costs besides its bytes, so that a message in chunks of one byte is counted for what it takes. */
  private static final int CHUNK_OVERHEAD = 64;

  private final InputStream in;
  private final BeforeWaiting beforeWaiting;
  private final Room room;
  private final int lineMax;
  private byte[] buffer = new byte[BUFFER];
  private int from;
  private int to;
  private int claimed = BUFFER;
  private int takenKib;

  public SmtpInput(InputStream in, BeforeWaiting beforeWaiting) {
    this(in, beforeWaiting, Room.ENDLESS, LINE_MAX);
  }

  /** @param lineMax bytes of a line; at most 16 KiB, so that no line needs more than the first buffer */
  public SmtpInput(InputStream in, BeforeWaiting beforeWaiting, Room room, int lineMax) {
    this.in = in;
    this.beforeWaiting = beforeWaiting;
    this.room = room;
    this.lineMax = lineMax;
  }

  /**
   * The next line.
   *
   * @throws LineTooLong when it has not ended by then
   */
  public Line line() throws IOException {
    int scanned = 0;
    while (true) {
      for (int i = from + scanned; i < to; i++) {
        if (buffer[i] == '\n') {
          boolean crlf = i > from && buffer[i - 1] == '\r';
          int end = crlf ? i - 1 : i;
          String text = new String(buffer, from, end - from, StandardCharsets.UTF_8);
          if (end - from > lineMax) {
            throw new LineTooLong(lineMax);
          }
          from = i + 1;
          return new Line(text, crlf ? Line.End.CRLF : Line.End.BARE_LF);
        }
      }
      scanned = to - from;
      if (scanned > lineMax) {
        throw new LineTooLong(lineMax);
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
   * @param sizeMax bytes, counted as they are without the added dots
   */
  public Content content(int sizeMax) throws IOException {
    StuffedDots stuffed = new StuffedDots();
    Content lost = null;
    int at = 0;
    while (true) {
      at = lineStartDot(at);
      if (at + 2 < to - from) {
        if (buffer[from + at + 1] == '\r' && buffer[from + at + 2] == '\n') {
          Content content = lost == null ? ended(stuffed, at, sizeMax) : lost;
          from += at + 3;
          shrink();
          return content;
        }
        if (lost == null && stuffed.isFull() && !claim(stuffed.bytes())) {
          lost = Content.NO_ROOM;
        }
        if (lost == null) {
          stuffed.add(at);
        }
        at += 3;
      } else {
        lost = lost == null ? whyLost(at - stuffed.count, sizeMax) : lost;
        if (lost != null) {
          at -= forget(at);
        }
        fill();
      }
    }
  }

  private Content ended(StuffedDots stuffed, int length, int sizeMax) {
    int size = length - stuffed.count;
    if (size > sizeMax) {
      return Content.TOO_LONG;
    }
    return claim(size) ? new Content.Whole(stuffed.without(buffer, from, length)) : Content.NO_ROOM;
  }

  /** Null while the content that is here can be kept and more be read to it. */
  private @Nullable Content whyLost(int size, int sizeMax) {
    if (size > sizeMax + 2L) {
      return Content.TOO_LONG;
    }
    return mustGrow() && !claim(buffer.length) ? Content.NO_ROOM : null;
  }

  /** The next {@code size} bytes as they are, which is what follows BDAT (RFC 3030). Memory grows with what has arrived. */
  public Content chunk(int size) throws IOException {
    while (to - from < size) {
      if (mustGrow() && !claim(buffer.length)) {
        skip(size);
        return Content.NO_ROOM;
      }
      fill();
    }
    if (!claim(size + CHUNK_OVERHEAD)) {
      skip(size);
      return Content.NO_ROOM;
    }
    byte[] chunk = Arrays.copyOfRange(buffer, from, from + size);
    from += size;
    shrink();
    return new Content.Whole(chunk);
  }

  /** Counts memory that the message takes; false when there is no room for it. */
  public boolean claim(int bytes) {
    long beyond = Math.max(0, (long) claimed + bytes - OWN_BYTES);
    int kib = (int) ((beyond + 1023) / 1024) - takenKib;
    if (kib > 0 && !room.take(kib)) {
      return false;
    }
    takenKib += Math.max(0, kib);
    claimed += bytes;
    return true;
  }

  /** Call when nobody needs the message's bytes any more: only what is read ahead is still counted. */
  public void release() {
    if (takenKib > 0) {
      resize(Math.max(BUFFER, to - from));
    }
    claimed = buffer.length;
    int kept = Math.min(takenKib, Math.max(0, claimed - OWN_BYTES + 1023) / 1024);
    room.give(takenKib - kept);
    takenKib = kept;
  }

  /** Call when the connection is over. */
  public void close() {
    room.give(takenKib);
    takenKib = 0;
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
      resize(BUFFER);
    }
  }

  private void resize(int length) {
    byte[] next = new byte[length];
    System.arraycopy(buffer, from, next, 0, to - from);
    to -= from;
    from = 0;
    buffer = next;
  }

  /** Whether reading more needs a larger buffer. */
  private boolean mustGrow() {
    return to == buffer.length && to - from > buffer.length / 2;
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

    boolean isFull() {
      return count == offsets.length;
    }

    int bytes() {
      return count * Integer.BYTES;
    }

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
