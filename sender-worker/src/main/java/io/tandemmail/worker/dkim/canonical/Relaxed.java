package io.tandemmail.worker.dkim.canonical;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The relaxed canonicalizations (RFC 6376 sections 3.4.2 and 3.4.4). Line ends are CR LF; nothing else is one, because nothing
 * else is one to SMTP, and admission refuses messages in which they occur alone.
 */
public final class Relaxed {
  /** Takes ranges of an array, in order; a {@code MessageDigest::update}. */
  @FunctionalInterface
  public interface Sink {
    void take(byte[] bytes, int offset, int length);
  }

  private static final byte[] CRLF = {'\r', '\n'};
  private static final byte[] SPACE = {' '};

  private Relaxed() {}

  /**
   * The body from {@code start} on. Trailing empty lines vanish, blanks at line ends too, other runs of blanks become one
   * space, and what does not end in CR LF is given one; an empty body stays empty. Copies nothing: stretches that are already
   * canonical go to the sink in one piece.
   */
  public static void body(byte[] message, int start, Sink sink) {
    Stretch stretch = new Stretch(sink);
    int emptyLines = 0;
    int emptyStart = start;
    int lineStart = start;
    while (lineStart < message.length) {
      int lineEnd = lineEnd(message, lineStart);
      int contentEnd = lineEnd;
      while (contentEnd > lineStart && isBlank(message[contentEnd - 1])) {
        contentEnd--;
      }
      if (contentEnd == lineStart) {
        emptyStart = emptyLines == 0 ? lineStart : emptyStart;
        emptyLines++;
      } else {
        boolean bare = lineStart - emptyStart == emptyLines * CRLF.length;
        if (emptyLines > 0 && bare) {
          stretch.add(message, emptyStart, lineStart);
          emptyLines = 0;
        }
        for (; emptyLines > 0; emptyLines--) {
          stretch.add(CRLF, 0, CRLF.length);
        }
        line(message, lineStart, contentEnd, stretch);
        if (lineEnd < message.length) {
          stretch.add(message, lineEnd, lineEnd + CRLF.length);
        } else {
          stretch.add(CRLF, 0, CRLF.length);
        }
      }
      lineStart = lineEnd + CRLF.length;
    }
    stretch.end();
  }

  /**
   * The fields that {@code names} select, each ended by CR LF: of a name that is there n times, the n-th instance from the
   * bottom; nothing where there are fewer (RFC 6376 section 5.4.2).
   *
   * @param names as in an h= tag, any case
   */
  public static void fields(
      MessageFields fields, List<String> names, ByteArrayOutputStream canonical) {
    Map<String, Integer> used = new HashMap<>();
    for (String each : names) {
      String name = each.toLowerCase(Locale.ROOT);
      List<MessageFields.Field> instances = fields.named(name);
      int instance = instances.size() - used.merge(name, 1, Integer::sum);
      if (instance >= 0) {
        MessageFields.Field field = instances.get(instance);
        field(name, fields.message(), field.valueStart(), field.end(), canonical);
        canonical.write(CRLF, 0, CRLF.length);
      }
    }
  }

  /**
   * One field: unfolded, the name in lower case, runs of blanks as one space, none around the colon or at the end.
   *
   * @param name lower-case
   */
  public static void field(
      String name, byte[] bytes, int valueStart, int end, ByteArrayOutputStream canonical) {
    byte[] label = name.getBytes(StandardCharsets.US_ASCII);
    canonical.write(label, 0, label.length);
    canonical.write(':');
    boolean first = true;
    boolean blank = false;
    for (int i = valueStart; i < end; i++) {
      if (isBlank(bytes[i])) {
        blank = true;
      } else if (i + 1 < end && lineEndsAt(bytes, i)) {
        i++;
      } else {
        if (blank && !first) {
          canonical.write(' ');
        }
        canonical.write(bytes[i]);
        first = false;
        blank = false;
      }
    }
  }

  static boolean isBlank(byte b) {
    return b == ' ' || b == '\t';
  }

  static boolean lineEndsAt(byte[] bytes, int i) {
    return bytes[i] == '\r' && i + 1 < bytes.length && bytes[i + 1] == '\n';
  }

  private static int lineEnd(byte[] message, int from) {
    int i = from;
    while (i < message.length && !lineEndsAt(message, i)) {
      i++;
    }
    return i;
  }

  private static void line(byte[] message, int start, int end, Stretch stretch) {
    int from = start;
    int i = start;
    while (i < end) {
      if (!isBlank(message[i])) {
        i++;
        continue;
      }
      int run = i;
      while (isBlank(message[i])) {
        i++;
      }
      if (i - run > 1 || message[run] != ' ') {
        stretch.add(message, from, run);
        stretch.add(SPACE, 0, SPACE.length);
        from = i;
      }
    }
    stretch.add(message, from, end);
  }

  /** Joins ranges that follow each other. */
  private static final class Stretch {
    private final Sink sink;
    private byte[] bytes = SPACE;
    private int start;
    private int end;

    Stretch(Sink sink) {
      this.sink = sink;
    }

    @SuppressWarnings("ReferenceEquality") // Adjoining pieces of one array are one piece.
    void add(byte[] array, int from, int to) {
      if (array != bytes || from != end) {
        end();
        bytes = array;
        start = from;
      }
      end = to;
    }

    void end() {
      if (end > start) {
        sink.take(bytes, start, end - start);
      }
      start = end;
    }
  }
}
