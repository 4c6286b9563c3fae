package io.tandemmail.ingest.dialogue;

import io.tandemmail.model.submission.FieldProblem;
import io.tandemmail.model.wire.HeaderNames;
import io.tandemmail.model.wire.Headers.Header;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * {@code Tandem-Id}, {@code Tandem-Route}, {@code Tandem-Send-At} and {@code Tandem-Expires-At}: header fields that are for
 * Tandem and not for the recipients. Taken out of the message; every other byte stays as it is.
 *
 * @param headers the fields as record headers
 * @param message without them
 * @param problems a field that is there twice says nothing
 */
public record TandemFields(List<Header> headers, byte[] message, List<FieldProblem> problems) {
  private static final List<String> NAMES =
      List.of(HeaderNames.ID, HeaderNames.ROUTE, HeaderNames.SEND_AT, HeaderNames.EXPIRES_AT);
  private static final byte[] PREFIX = "tandem-".getBytes(StandardCharsets.US_ASCII);

  public TandemFields {
    headers = List.copyOf(headers);
    problems = List.copyOf(problems);
  }

  private record Range(int from, int to) {}

  public static TandemFields of(byte[] message) {
    Map<String, String> found = new LinkedHashMap<>();
    List<Range> cuts = new ArrayList<>(0);
    List<FieldProblem> problems = new ArrayList<>(0);
    int at = 0;
    while (at < message.length && !isEmptyLine(message, at)) {
      int end = fieldEnd(message, at);
      if (isOurs(message, at)) {
        String field = new String(message, at, end - at, StandardCharsets.UTF_8);
        int colon = field.indexOf(':');
        String name = field.substring(0, Math.max(0, colon)).strip().toLowerCase(Locale.ROOT);
        if (NAMES.contains(name)) {
          cuts.add(new Range(at, end));
          String value = field.substring(colon + 1).replaceAll("\r\n(?=[ \t])", "").strip();
          if (found.put(name, value) != null) {
            problems.add(new FieldProblem(name, "is given twice", "leave one field of the two"));
          }
        }
      }
      at = end;
    }
    List<Header> headers = new ArrayList<>();
    found.forEach((name, value) -> headers.add(Header.of(name, value)));
    return new TandemFields(headers, cuts.isEmpty() ? message : without(message, cuts), problems);
  }

  private static boolean isEmptyLine(byte[] message, int at) {
    return message[at] == '\r' && at + 1 < message.length && message[at + 1] == '\n';
  }

  private static boolean isOurs(byte[] message, int at) {
    if (message.length - at < PREFIX.length) {
      return false;
    }
    for (int i = 0; i < PREFIX.length; i++) {
      byte b = message[at + i];
      if ((b >= 'A' && b <= 'Z' ? b + 32 : b) != PREFIX[i]) {
        return false;
      }
    }
    return true;
  }

  /** Behind the line end that no folding follows (RFC 5322 section 2.2.3). */
  private static int fieldEnd(byte[] message, int at) {
    for (int i = at + 1; i < message.length; i++) {
      boolean lineEnd = message[i] == '\n' && message[i - 1] == '\r';
      boolean folded = i + 1 < message.length && (message[i + 1] == ' ' || message[i + 1] == '\t');
      if (lineEnd && !folded) {
        return i + 1;
      }
    }
    return message.length;
  }

  private static byte[] without(byte[] message, List<Range> cuts) {
    int length = message.length;
    for (Range cut : cuts) {
      length -= cut.to - cut.from;
    }
    byte[] rest = new byte[length];
    int written = 0;
    int read = 0;
    for (Range cut : cuts) {
      System.arraycopy(message, read, rest, written, cut.from - read);
      written += cut.from - read;
      read = cut.to;
    }
    System.arraycopy(message, read, rest, written, message.length - read);
    return rest;
  }
}
