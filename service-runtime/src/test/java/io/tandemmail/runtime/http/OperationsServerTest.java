package io.tandemmail.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.javalin.config.JavalinConfig;
import io.tandemmail.model.settings.HttpAddress;
import io.tandemmail.runtime.metrics.Metrics;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OperationsServerTest {
  private static final HttpAddress ANY_PORT = new HttpAddress("127.0.0.1", 0);

  private final HttpClient client = HttpClient.newHttpClient();
  private final AtomicReference<Optional<String>> notReady =
      new AtomicReference<>(Optional.empty());

  @AfterEach
  void stop() {
    client.shutdownNow();
  }

  @Test
  void livesAndSaysWhyItIsNotReady() throws Exception {
    try (OperationsServer server = start(ANY_PORT, routes -> {})) {
      assertThat(get(server, "/livez").statusCode()).isEqualTo(200);
      assertThat(get(server, "/readyz").statusCode()).isEqualTo(200);

      notReady.set(Optional.of("no Kafka broker answers at b:9092"));
      HttpResponse<String> answer = get(server, "/readyz");
      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.body()).isEqualTo("no Kafka broker answers at b:9092\n");
      assertThat(get(server, "/livez").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void metricsAreInPrometheusFormat() throws Exception {
    try (OperationsServer server = start(ANY_PORT, routes -> {})) {
      HttpResponse<String> answer = get(server, "/metrics");

      assertThat(answer.headers().firstValue("content-type"))
          .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain; version=0.0.4"));
      assertThat(answer.body()).contains("# TYPE jvm_memory_used_bytes gauge");
    }
  }

  @Test
  void aTakenPortIsNamedWithTheKeyToChange() {
    try (OperationsServer first = start(ANY_PORT, routes -> {})) {
      HttpAddress taken = new HttpAddress("127.0.0.1", first.port());

      assertThatThrownBy(() -> start(taken, routes -> {}))
          .isInstanceOf(AddressInUse.class)
          .hasMessage(
              "127.0.0.1:%d is in use; choose another port (ingest.http.port) or stop what listens there",
              first.port());
    }
  }

  /** 192.0.2.0/24 is for documentation (RFC 5737): no machine has it. */
  @Test
  void anAddressOfAnotherMachineIsNotCalledInUse() {
    assertThatThrownBy(() -> start(new HttpAddress("192.0.2.1", 0), routes -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("192.0.2.1:0", "(ingest.http.port)");
  }

  @Test
  void anIpv6AddressStandsInBracketsInUrls() throws Exception {
    try (OperationsServer server = start(new HttpAddress("::1", 0), routes -> {})) {
      assertThat(server.url()).isEqualTo("http://[::1]:" + server.port());
      assertThat(get(server, "/livez").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void aPathParameterMayHoldAnyPrintableCharacter() throws Exception {
    try (OperationsServer server =
        start(
            ANY_PORT,
            config ->
                config.routes.get("/v1/messages/{id}", ctx -> ctx.result(ctx.pathParam("id"))))) {
      for (String encoded : new String[] {"a%2Fb", "a%25b", "a%3Bb", "a%3Fb", "a%5Cb", "a%23b"}) {
        HttpResponse<String> answer = get(server, "/v1/messages/" + encoded);

        assertThat(answer.body())
            .as(encoded)
            .isEqualTo(URLDecoder.decode(encoded, StandardCharsets.UTF_8));
      }
    }
  }

  @Test
  void headersBeyondTheLimitAreRefusedAndNothingTellsTheVersion() throws Exception {
    try (OperationsServer server = start(ANY_PORT, routes -> {})) {
      HttpRequest large =
          HttpRequest.newBuilder(URI.create(server.url() + "/livez"))
              .header("x-large", "x".repeat(17 << 10))
              .build();
      HttpResponse<String> answer = client.send(large, HttpResponse.BodyHandlers.ofString());

      assertThat(answer.statusCode()).isEqualTo(431);
      assertThat(answer.headers().firstValue("server")).isEmpty();
      assertThat(answer.body()).doesNotContainIgnoringCase("jetty").contains("\"status\":431");
      assertThat(answer.headers().firstValue("content-type")).hasValue("application/problem+json");
    }
  }

  @Test
  void whatIsNotHttpIsAnsweredWithAProblemToo() throws Exception {
    try (OperationsServer server = start(ANY_PORT, routes -> {});
        Socket socket = new Socket("127.0.0.1", server.port())) {
      socket
          .getOutputStream()
          .write(
              "GET / HTTP/1.1\r\nHost: a\r\nbad header\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);

      assertThat(answer)
          .startsWith("HTTP/1.1 400 ")
          .contains("application/problem+json", "\"status\":400")
          .doesNotContainIgnoringCase("jetty");
    }
  }

  @Test
  void whatIsInFlightIsAnsweredBeforeTheServerIsGone() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch finish = new CountDownLatch(1);
    OperationsServer server =
        start(
            ANY_PORT,
            config ->
                config.routes.get(
                    "/slow",
                    ctx -> {
                      begun.countDown();
                      finish.await(10, TimeUnit.SECONDS);
                      ctx.result("answered");
                    }));
    CompletableFuture<HttpResponse<String>> answer =
        client.sendAsync(
            HttpRequest.newBuilder(URI.create(server.url() + "/slow")).build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
    int port = server.port();
    Thread closing = Thread.ofVirtual().start(server::close);
    // Refused from the moment the server is on its way out, so this ends without a clock.
    while (accepts(port)) {
      Thread.onSpinWait();
    }
    finish.countDown();

    assertThat(answer.get(10, TimeUnit.SECONDS).body()).isEqualTo("answered");
    closing.join();
  }

  private static boolean accepts(int port) {
    try (java.net.Socket probe = new Socket("127.0.0.1", port)) {
      return probe.isConnected();
    } catch (IOException refused) {
      return false;
    }
  }

  private OperationsServer start(HttpAddress address, Consumer<JavalinConfig> routes) {
    return OperationsServer.start(
        address, "ingest.http.port", Metrics.registry(), notReady::get, routes);
  }

  private HttpResponse<String> get(OperationsServer server, String path) throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create(server.url() + path)).build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
