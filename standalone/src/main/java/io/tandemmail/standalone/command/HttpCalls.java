package io.tandemmail.standalone.command;

import io.tandemmail.model.settings.Settings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where ingest answers, and calling it. */
final class HttpCalls {
  private static final Duration WAIT = Duration.ofSeconds(15);

  @Option(
      names = "--url",
      description = "ingest service (default: ingest.http of the configuration)")
  Optional<String> url = Optional.empty();

  @Option(
      names = "--api-key",
      defaultValue = "${env:TANDEM_API_KEY}",
      description = "where keys are configured")
  Optional<String> apiKey = Optional.empty();

  HttpRequest.Builder request(ConfigOption config, String path) {
    String base = url.orElseGet(() -> ingestUrl(config.read()));
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path)).timeout(WAIT);
    apiKey
        .filter(key -> !key.isBlank())
        .ifPresent(key -> request.header("Authorization", "Bearer " + key));
    return request;
  }

  static HttpResponse<String> call(HttpRequest request) throws InterruptedException {
    try (HttpClient client = HttpClient.newBuilder().connectTimeout(WAIT).build()) {
      return client.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new Exit(
          Exit.UNAVAILABLE,
          "no ingest service answers at " + request.uri().getAuthority(),
          "start tandem standalone or tandem ingest, or give --url");
    }
  }

  private static String ingestUrl(Settings settings) {
    return "http://" + settings.ingest().http().address() + ":" + settings.ingest().http().port();
  }
}
