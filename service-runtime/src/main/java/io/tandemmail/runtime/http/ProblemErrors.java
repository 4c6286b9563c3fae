package io.tandemmail.runtime.http;

import io.tandemmail.model.json.Json;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/** What Jetty refuses before any route is asked, as RFC 9457 problem details; nothing of causes and stack traces. */
final class ProblemErrors extends ErrorHandler {
  @Override
  protected void generateResponse(
      Request request,
      Response response,
      int code,
      String message,
      Throwable cause,
      Callback callback) {
    byte[] problem =
        Json.object(json -> {
          json.writeStringField("type", "about:blank");
          json.writeStringField("title", HttpStatus.getMessage(code));
          json.writeNumberField("status", code);
          json.writeStringField("detail", "the request was refused before it was read as a whole");
        });
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/problem+json");
    response.write(true, ByteBuffer.wrap(problem), callback);
  }
}
