package io.tandemmail.ingest;

import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.tandemmail.ingest.accept.Acceptance;
import io.tandemmail.model.json.Json;
import io.tandemmail.model.submission.FieldProblem;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeoutException;

/**
 * RFC 9457 problem details.
 *
 * @param retryAfterSeconds when it may be worth to try again
 */
record Problem(
    int status,
    String title,
    String detail,
    List<FieldProblem> errors,
    OptionalInt retryAfterSeconds) {
  private static final int NO_DISK_RETRY_SECONDS = 30;

  static Problem of(int status, String title, String detail) {
    return new Problem(status, title, detail, List.of(), OptionalInt.empty());
  }

  static Problem invalid(List<FieldProblem> errors) {
    return new Problem(
        400, "Invalid submission", errors.size() + " problem(s)", errors, OptionalInt.empty());
  }

  static Problem later(int status, String title, String detail, int seconds) {
    return new Problem(status, title, detail, List.of(), OptionalInt.of(seconds));
  }

  /** Space on a disk does not come back within seconds. */
  static Problem noDisk(Acceptance.NoDisk none) {
    return later(
        503,
        "No room for new mail",
        none.why() + "; nothing was taken: free space there, and submit it again",
        NO_DISK_RETRY_SECONDS);
  }

  /** What Javalin refuses by itself: no such path, no such method there. */
  static Problem of(HttpResponseException refusal) {
    return switch (refusal.getStatus()) {
      case 404 -> of(404, "Not found", "see /openapi.json for what there is");
      case 405 -> of(405, "Method not allowed", "see /openapi.json for what there is");
      default -> of(refusal.getStatus(), "Refused", String.valueOf(refusal.getMessage()));
    };
  }

  /** The body could not be read to its end: the submitter fell silent, hung up, or does not speak HTTP. */
  static Problem unreadable(Exception failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof TimeoutException) {
        return of(
            408, "Request timeout", "the body did not arrive in time; send it without pauses");
      }
    }
    return of(400, "Unreadable request", "the body ended before its end; send it again");
  }

  void answer(Context ctx) {
    retryAfterSeconds.ifPresent(seconds -> ctx.header("Retry-After", Integer.toString(seconds)));
    ctx.status(status).contentType("application/problem+json").result(json());
  }

  byte[] json() {
    return Json.object(json -> {
      json.writeStringField("type", "about:blank");
      json.writeStringField("title", title);
      json.writeNumberField("status", status);
      json.writeStringField("detail", detail);
      if (!errors.isEmpty()) {
        json.writeArrayFieldStart("errors");
        for (FieldProblem error : errors) {
          json.writeStartObject();
          json.writeStringField("field", error.field());
          json.writeStringField("problem", error.problem());
          json.writeStringField("remedy", error.remedy());
          json.writeEndObject();
        }
        json.writeEndArray();
      }
    });
  }
}
