package io.tandemmail.ingest;

import io.javalin.http.Context;
import io.tandemmail.model.service.ServicePresence;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/** {@code GET /v1/messages/{id}}: asks the routers, one of which holds the id, and passes its answer on. */
final class StatusHandler implements AutoCloseable {
  private static final Duration WAIT = Duration.ofSeconds(3);

  private final Supplier<List<ServicePresence>> routers;
  private final HttpClient client =
      HttpClient.newBuilder()
          .connectTimeout(WAIT)
          .followRedirects(HttpClient.Redirect.NORMAL)
          .build();

  StatusHandler(Supplier<List<ServicePresence>> routers) {
    this.routers = routers;
  }

  void get(Context ctx) throws InterruptedException {
    String id = ctx.pathParam("id");
    String path =
        "/v1/messages/" + URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");
    for (ServicePresence router : routers.get()) {
      try {
        HttpRequest request =
            HttpRequest.newBuilder(URI.create(router.url() + path)).timeout(WAIT).build();
        HttpResponse<byte[]> answer = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
        if (answer.statusCode() == 200) {
          ctx.contentType("application/json").result(answer.body());
          return;
        }
        if (answer.statusCode() == 404) {
          Problem.of(
                  404,
                  "Unknown message",
                  "no message with this id was accepted in the last 24 hours")
              .answer(ctx);
          return;
        }
      } catch (IOException unreachable) {
        // Another router may answer.
      }
    }
    Problem.later(503, "No router answers", "the message is safe; ask again", 2).answer(ctx);
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
