package io.tandemmail.ingest;

import io.javalin.http.Context;
import io.tandemmail.model.json.Json;
import io.tandemmail.model.submission.FieldProblem;
import io.tandemmail.model.wire.HeaderNames;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/**
 * {@code POST /v1/messages/batch}: a stream of JSON submissions, one per line, of any length; the answer streams back in the
 * same order, a line as soon as its submission is durable. What is read ahead of the answers is bounded.
 */
final class BatchHandler {
  private static final int WINDOW_LINES = 1_000;
  private static final long WINDOW_BYTES = 32L << 20;
  private static final long DURABLE_WAIT_SECONDS = 5;

  private final Acceptance acceptance;
  private final int maxBytes;

  BatchHandler(Acceptance acceptance, int maxBytes) {
    this.acceptance = acceptance;
    this.maxBytes = maxBytes;
  }

  private record Pending(long line, int bytes, Acceptance.Answer answer) {}

  void post(Context ctx) throws IOException, InterruptedException {
    ctx.status(200).contentType("application/x-ndjson");
    OutputStream out = ctx.outputStream();
    InputStream in = new BufferedInputStream(ctx.bodyInputStream(), 1 << 16);
    Deque<Pending> window = new ArrayDeque<>();
    long windowBytes = 0;
    long line = 0;
    boolean more = true;
    while (more) {
      ByteArrayOutputStream read = new ByteArrayOutputStream(4096);
      more = readLine(in, read);
      if (more || read.size() > 0) {
        line++;
        byte[] value = read.toByteArray();
        if (value.length > 0) {
          window.add(new Pending(line, value.length, accept(value)));
          windowBytes += value.length;
        }
      }
      while (!window.isEmpty()
          && (!more
              || window.size() > WINDOW_LINES
              || windowBytes > WINDOW_BYTES
              || isDurable(window.peek()))) {
        Pending oldest = window.remove();
        windowBytes -= oldest.bytes;
        out.write(answer(oldest));
        out.write('\n');
      }
    }
    out.flush();
  }

  private Acceptance.Answer accept(byte[] value) {
    if (value.length > maxBytes) {
      String problem = "is longer than " + maxBytes + " bytes";
      return new Acceptance.Refused(
          List.of(
              new FieldProblem(
                  "line", problem, "make it smaller or raise ingest.max-message-size")));
    }
    return acceptance.accept(
        Acceptance.headers(HeaderNames.JSON, List.of()), value, Optional.empty());
  }

  /** False at the end of the stream. Keeps no more of a line than is needed to know that it is too long. */
  private boolean readLine(InputStream in, ByteArrayOutputStream line) throws IOException {
    for (int b = in.read(); b >= 0; b = in.read()) {
      if (b == '\n') {
        return true;
      }
      if (b != '\r' && line.size() <= maxBytes) {
        line.write(b);
      }
    }
    return false;
  }

  private static boolean isDurable(Pending pending) {
    return switch (pending.answer) {
      case Acceptance.Refused refused -> true;
      case Acceptance.Accepted accepted -> accepted.durable().isDone();
    };
  }

  private static byte[] answer(Pending pending) throws InterruptedException {
    return switch (pending.answer) {
      case Acceptance.Refused refused ->
          error(
              pending.line,
              refused.problems().stream()
                  .map(FieldProblem::toString)
                  .collect(Collectors.joining("; ")));
      case Acceptance.Accepted accepted -> {
        try {
          accepted.durable().get(DURABLE_WAIT_SECONDS, TimeUnit.SECONDS);
          yield Json.object(json -> {
            json.writeNumberField("line", pending.line);
            json.writeStringField("id", accepted.id());
          });
        } catch (ExecutionException | TimeoutException e) {
          yield error(
              pending.line,
              "Kafka did not take it in time; submit it again with id " + accepted.id());
        }
      }
    };
  }

  private static byte[] error(long line, String error) {
    return Json.object(json -> {
      json.writeNumberField("line", line);
      json.writeStringField("error", error);
    });
  }
}
