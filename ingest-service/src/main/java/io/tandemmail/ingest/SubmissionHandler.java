package io.tandemmail.ingest;

import io.javalin.http.Context;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.tandemmail.ingest.accept.Acceptance;
import io.tandemmail.ingest.accept.BodyRoom;
import io.tandemmail.model.json.Json;
import io.tandemmail.model.wire.HeaderNames;
import io.tandemmail.model.wire.Headers;
import io.tandemmail.model.wire.Headers.Header;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** {@code POST /v1/messages}. */
final class SubmissionHandler {
  private static final List<String> SINGLE_HEADERS =
      List.of(
          HeaderNames.ID,
          HeaderNames.ROUTE,
          HeaderNames.SEND_AT,
          HeaderNames.EXPIRES_AT,
          HeaderNames.TRACEPARENT,
          HeaderNames.TRACESTATE);

  /** Of a body that is refused; a client that sends more than this does not look at answers. */
  private static final long DISCARD_BYTES_MAX = 64L << 20;

  private final Acceptance acceptance;
  private final int maxBytes;
  private final BodyRoom room;
  private final Counter accepted;
  private final Counter refused;

  SubmissionHandler(Acceptance acceptance, int maxBytes, BodyRoom room, MeterRegistry registry) {
    this.acceptance = acceptance;
    this.room = room;
    this.maxBytes = maxBytes;
    this.accepted = counter(registry, "accepted");
    this.refused = counter(registry, "refused");
  }

  void post(Context ctx) throws IOException, InterruptedException {
    Optional<Problem> problem = submit(ctx);
    if (problem.isPresent()) {
      refused.increment();
      discardBody(ctx);
      problem.get().answer(ctx);
    } else {
      accepted.increment();
    }
  }

  /**
   * Reads what the client still sends: who closes on it resets the connection, and the answer is lost on the way. A client that
   * waits to be asked for the body ({@code Expect: 100-continue}) is not asked.
   */
  private static void discardBody(Context ctx) throws IOException {
    if (ctx.header("Expect") != null) {
      return;
    }
    InputStream body = ctx.bodyInputStream();
    byte[] buffer = new byte[16 * BodyRoom.KIB];
    for (long left = DISCARD_BYTES_MAX; left > 0; ) {
      int read = body.read(buffer);
      if (read < 0) {
        return;
      }
      left -= read;
    }
  }

  private Optional<Problem> submit(Context ctx) throws IOException, InterruptedException {
    String contentType = Optional.ofNullable(ctx.contentType()).orElse(HeaderNames.JSON);
    String type = contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    if (!type.equals(HeaderNames.JSON) && !type.equals(HeaderNames.RFC822)) {
      return Optional.of(
          Problem.of(
              415,
              "Unsupported content type",
              "use " + HeaderNames.JSON + " or " + HeaderNames.RFC822));
    }
    Optional<Acceptance.NoDisk> noDisk = acceptance.noDisk();
    if (noDisk.isPresent()) {
      return noDisk.map(Problem::noDisk);
    }
    long declared = ctx.req().getContentLengthLong();
    if (declared > maxBytes) {
      return Optional.of(tooLarge());
    }
    int kib = (int) ((declared < 0 ? maxBytes : declared) / BodyRoom.KIB) + 1;
    if (!room.take(kib)) {
      return Optional.of(
          Problem.later(429, "Too many submissions at once", "come back in a second", 1));
    }
    try {
      byte[] body = read(ctx.bodyInputStream());
      return body.length > maxBytes ? Optional.of(tooLarge()) : append(ctx, contentType, body);
    } finally {
      room.give(kib);
    }
  }

  private Optional<Problem> append(Context ctx, String contentType, byte[] body)
      throws InterruptedException {
    Headers headers = Acceptance.headers(contentType, tandemHeaders(ctx));
    Optional<String> key = Optional.ofNullable(ctx.header("Idempotency-Key"));
    return switch (acceptance.accept(headers, body, key)) {
      case Acceptance.Refused why -> Optional.of(Problem.invalid(why.problems()));
      case Acceptance.NoDisk none -> Optional.of(Problem.noDisk(none));
      case Acceptance.Accepted submission -> {
        if (!submission.awaitDurable()) {
          yield Optional.of(
              Problem.later(
                  503,
                  "Not accepted",
                  "Kafka did not take the message in time; submit it again with the same id ("
                      + submission.id()
                      + ")",
                  2));
        }
        ctx.status(202)
            .contentType(HeaderNames.JSON)
            .result(Json.object(json -> json.writeStringField("id", submission.id())));
        yield Optional.empty();
      }
    };
  }

  private static List<Header> tandemHeaders(Context ctx) {
    List<Header> headers = new ArrayList<>();
    for (String name : SINGLE_HEADERS) {
      String value = ctx.header(name);
      if (value != null) {
        headers.add(Header.of(name, value));
      }
    }
    String mailFrom = ctx.header(HeaderNames.MAIL_FROM);
    if (mailFrom != null) {
      headers.add(Header.of(HeaderNames.MAIL_FROM, mailFrom));
    }
    // One header per recipient, or one header with commas, as HTTP allows intermediaries to fold
    // them.
    for (String value : Collections.list(ctx.req().getHeaders(HeaderNames.RCPT_TO))) {
      for (String recipient : value.split(",")) {
        headers.add(Header.of(HeaderNames.RCPT_TO, recipient.strip()));
      }
    }
    return headers;
  }

  private byte[] read(InputStream body) throws IOException {
    return body.readNBytes(maxBytes + 1);
  }

  private Problem tooLarge() {
    return Problem.of(
        413, "Message too large", "the limit is " + maxBytes + " bytes (ingest.max-message-size)");
  }

  private static Counter counter(MeterRegistry registry, String result) {
    return Counter.builder("tandem.ingest.requests")
        .description("Submissions by HTTP: durable, or refused with a reason")
        .tag("result", result)
        .register(registry);
  }
}
