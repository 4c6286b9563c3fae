package io.tandemmail.runtime.lookup;

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

/** Asks the routers, one of which holds the id. */
public final class RouterLookup implements MessageLookup, AutoCloseable {
  private static final Duration WAIT = Duration.ofSeconds(3);

  private final Supplier<List<ServicePresence>> routers;
  private final HttpClient client =
      HttpClient.newBuilder()
          .connectTimeout(WAIT)
          .followRedirects(HttpClient.Redirect.NORMAL)
          .build();

  public RouterLookup(Supplier<List<ServicePresence>> routers) {
    this.routers = routers;
  }

  @Override
  public Answer find(String id) throws InterruptedException {
    String path =
        "/v1/messages/" + URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");
    for (ServicePresence router : routers.get()) {
      try {
        HttpRequest request =
            HttpRequest.newBuilder(URI.create(router.url() + path)).timeout(WAIT).build();
        HttpResponse<byte[]> answer = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
        if (answer.statusCode() == 200) {
          return new Found(answer.body());
        }
        if (answer.statusCode() == 404) {
          return new Unknown();
        }
      } catch (IOException unreachable) {
        // Another router may answer.
      }
    }
    return new NoRouter();
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
