package io.tandemmail.torture.rig;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Short questions and orders by HTTP. */
public final class Control {
  private static final HttpClient HTTP =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();

  private Control() {}

  /** The status of the answer. */
  public static int send(String method, String url, String body, Duration within)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url))
            .timeout(within)
            .header("content-type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    return HTTP.send(request, HttpResponse.BodyHandlers.ofString()).statusCode();
  }

  /** True when it answers that it is ready. */
  static boolean isReady(String url) throws InterruptedException {
    try {
      return send("GET", url + "/readyz", "", Duration.ofSeconds(2)) == 200;
    } catch (IOException notYet) {
      return false;
    }
  }
}
