package io.tandemmail.ingest;

import io.javalin.http.Context;
import io.tandemmail.ingest.accept.Acceptance;
import io.tandemmail.ingest.accept.BodyRoom;
import io.tandemmail.model.submission.FieldProblem;
import io.tandemmail.model.wire.HeaderNames;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * {@code POST /v1/messages/batch}: a stream of JSON submissions, one per line, of any length; the answer streams back while
 * it is read. What is read ahead of the answers is bounded, and so is a line.
 */
final class BatchHandler {
  private final Acceptance acceptance;
  private final int maxBytes;
  private final BodyRoom room;

  BatchHandler(Acceptance acceptance, int maxBytes, BodyRoom room) {
    this.acceptance = acceptance;
    this.maxBytes = maxBytes;
    this.room = room;
  }

  void post(Context ctx) throws IOException, InterruptedException {
    ctx.status(200).contentType("application/x-ndjson");
    Lines lines = new Lines(ctx.bodyInputStream(), maxBytes, room);
    // Not Javalin's own: it may compress, and then a flush is none.
    BatchAnswers answers = new BatchAnswers(ctx.res().getOutputStream());
    try {
      while (lines.next()) {
        if (!lines.isBlank()) {
          int bytes = lines.bytes();
          answers.awaitWindow(bytes);
          answers.add(lines.number, bytes, accept(lines));
        }
      }
    } finally {
      lines.close();
      answers.end();
    }
  }

  private Acceptance.Answer accept(Lines lines) {
    return switch (lines.fault) {
      case NONE ->
          acceptance.accept(
              Acceptance.headers(HeaderNames.JSON, List.of()), lines.value(), Optional.empty());
      case TOO_LONG ->
          refused(
              "is longer than " + maxBytes + " bytes",
              "make it smaller or raise ingest.max-message-size");
      case NO_ROOM ->
          refused("found no room beside the other submissions", "submit it again in a second");
    };
  }

  private static Acceptance.Answer refused(String problem, String remedy) {
    return new Acceptance.Refused(List.of(new FieldProblem("line", problem, remedy)));
  }

  private enum Fault {
    NONE,
    TOO_LONG,
    NO_ROOM
  }

  /** One line at a time. Keeps no more of a line than is needed to know that it is too long. */
  private static final class Lines implements AutoCloseable {
    /** Of a line's memory, what is not taken from the common room: small submissions always find theirs. */
    private static final int OWN_KIB = 64;

    private final InputStream in;
    private final int maxBytes;
    private final BodyRoom room;
    private final byte[] buffer = new byte[16 * BodyRoom.KIB];
    private ByteArrayOutputStream line = new ByteArrayOutputStream(0);
    private int position;
    private int limit;
    private int takenKib;
    private long number;
    private Fault fault = Fault.NONE;

    Lines(InputStream in, int maxBytes, BodyRoom room) {
      this.in = in;
      this.maxBytes = maxBytes;
      this.room = room;
    }

    /** False at the end of the stream. */
    boolean next() throws IOException {
      close();
      line = new ByteArrayOutputStream(1024);
      fault = Fault.NONE;
      boolean any = false;
      while (position < limit || fill()) {
        any = true;
        int end = position;
        while (end < limit && buffer[end] != '\n') {
          end++;
        }
        keep(end);
        if (end < limit) {
          position = end + 1;
          break;
        }
        position = end;
      }
      number += any ? 1 : 0;
      return any;
    }

    byte[] value() {
      return line.toByteArray();
    }

    int bytes() {
      return line.size();
    }

    /** Nothing but white space, and no more of that than a line end and a mistyped blank. */
    boolean isBlank() {
      return fault == Fault.NONE
          && line.size() <= 80
          && line.toString(StandardCharsets.UTF_8).isBlank();
    }

    @Override
    public void close() {
      room.give(takenKib);
      takenKib = 0;
    }

    private boolean fill() throws IOException {
      position = 0;
      limit = Math.max(0, in.read(buffer));
      return limit > 0;
    }

    private void keep(int end) {
      int length = end - position;
      if (fault == Fault.NONE && line.size() + length > maxBytes + 1) {
        fault = Fault.TOO_LONG;
        line = new ByteArrayOutputStream(0);
      }
      int wanted = (line.size() + length) / BodyRoom.KIB - OWN_KIB - takenKib;
      if (fault == Fault.NONE && wanted > 0) {
        if (room.take(wanted)) {
          takenKib += wanted;
        } else {
          fault = Fault.NO_ROOM;
          line = new ByteArrayOutputStream(0);
        }
      }
      if (fault == Fault.NONE) {
        line.write(buffer, position, length);
      }
    }
  }
}
