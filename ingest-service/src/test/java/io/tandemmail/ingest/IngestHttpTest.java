package io.tandemmail.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tandemmail.model.json.Json;
import io.tandemmail.model.service.ServicePresence;
import io.tandemmail.model.settings.HttpAddress;
import io.tandemmail.model.settings.Settings;
import io.tandemmail.model.settings.SettingsReader;
import io.tandemmail.model.settings.SettingsResult;
import io.tandemmail.model.wire.HeaderNames;
import io.tandemmail.runtime.http.OperationsServer;
import io.tandemmail.runtime.metrics.Metrics;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The HTTP contract, against a log that does as it is told. */
class IngestHttpTest {
  private static final String MESSAGE =
      "{\"from\":\"a@example.com\",\"to\":[\"b@example.com\"],\"subject\":\"x\"}";
  private static final String SHA256_OF_SECRET =
      "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b";

  @TempDir Path folder;
  private final ScriptedLog log = new ScriptedLog();
  private final HttpClient client = HttpClient.newHttpClient();
  private StatusHandler status = new StatusHandler(List::of);
  private OperationsServer server;

  @BeforeEach
  void start() {
    server = serve(ApiKeys.load(Optional.empty()));
  }

  @AfterEach
  void stop() {
    server.close();
    status.close();
    client.shutdownNow();
  }

  @Test
  void aSubmissionIsAnsweredWithItsIdAndAppendedByteForByte() throws Exception {
    HttpResponse<String> answer = post(HeaderNames.JSON, MESSAGE, "Idempotency-Key", "receipt-1");

    assertThat(answer.statusCode()).isEqualTo(202);
    assertThat(answer.body()).isEqualTo("{\"id\":\"receipt-1\"}");
    assertThat(log.appended)
        .singleElement()
        .satisfies(
            a -> assertThat(new String(a.value(), StandardCharsets.UTF_8)).isEqualTo(MESSAGE));
  }

  @Test
  void anIdIsMadeWhereNoneIsGivenAndIsDifferentEachTime() throws Exception {
    post(HeaderNames.JSON, MESSAGE);
    post(HeaderNames.JSON, MESSAGE);

    assertThat(log.appended)
        .hasSize(2)
        .extracting(ScriptedLog.Appended::id)
        .doesNotHaveDuplicates();
  }

  @Test
  void anRfc822MessageTakesItsEnvelopeFromHeaders() throws Exception {
    HttpResponse<String> answer =
        post(
            HeaderNames.RFC822,
            "Subject: x\r\n\r\nHi\r\n",
            HeaderNames.MAIL_FROM,
            "a@example.com",
            HeaderNames.RCPT_TO,
            "b@example.com, c@example.com",
            HeaderNames.ID,
            "m7");

    assertThat(answer.statusCode()).isEqualTo(202);
    assertThat(log.appended.getFirst().id()).isEqualTo("m7");
    assertThat(log.appended.getFirst().headers().every(HeaderNames.RCPT_TO))
        .containsExactly("b@example.com", "c@example.com");
  }

  @Test
  void everyBadFieldIsNamedInAProblem() throws Exception {
    HttpResponse<String> answer =
        post(HeaderNames.JSON, "{\"form\":\"x\",\"to\":[\"bad address\"],\"route\":\"nowhere\"}");

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.headers().firstValue("content-type"))
        .hasValueSatisfying(type -> assertThat(type).startsWith("application/problem+json"));
    JsonNode problem = Json.tree(answer.body().getBytes(StandardCharsets.UTF_8)).orElseThrow();
    assertThat(problem.path("errors").findValuesAsText("field"))
        .contains("form", "to[0]", "route", "from", "text");
    assertThat(log.appended).isEmpty();
  }

  @Test
  void whatKafkaDoesNotTakeIs503WithATimeToComeBack() throws Exception {
    log.failing = true;
    HttpResponse<String> answer = post(HeaderNames.JSON, MESSAGE);

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("retry-after")).isPresent();
  }

  @Test
  void tooLargeAndUnknownTypesAreRefused() throws Exception {
    assertThat(post(HeaderNames.JSON, "{\"text\":\"" + "x".repeat(70_000) + "\"}").statusCode())
        .isEqualTo(413);
    assertThat(post("text/html", "<p>").statusCode()).isEqualTo(415);
  }

  @Test
  void aBatchIsAnsweredLineByLineInOrder() throws Exception {
    HttpResponse<String> answer =
        send(
            HttpRequest.newBuilder(URI.create(server.url() + "/v1/messages/batch"))
                .POST(
                    BodyPublishers.ofString(
                        MESSAGE.replace("{", "{\"id\":\"a\",")
                            + "\n{bad\n"
                            + MESSAGE.replace("{", "{\"id\":\"b\",")
                            + "\n")));

    String[] lines = answer.body().strip().split("\n");
    assertThat(lines).hasSize(3);
    assertThat(lines[0]).isEqualTo("{\"line\":1,\"id\":\"a\"}");
    assertThat(lines[1]).contains("\"line\":2", "not well-formed");
    assertThat(lines[2]).isEqualTo("{\"line\":3,\"id\":\"b\"}");
  }

  @Test
  void withKeysConfiguredOnlyTheyMaySubmit() throws Exception {
    server.close();
    Path keys = Files.writeString(folder.resolve("keys.yaml"), "shop: " + SHA256_OF_SECRET + "\n");
    server = serve(ApiKeys.load(Optional.of(keys)));

    assertThat(post(HeaderNames.JSON, MESSAGE).statusCode()).isEqualTo(401);
    assertThat(post(HeaderNames.JSON, MESSAGE, "Authorization", "Bearer wrong").statusCode())
        .isEqualTo(401);
    assertThat(log.appended).isEmpty();
    assertThat(post(HeaderNames.JSON, MESSAGE, "Authorization", "Bearer secret").statusCode())
        .isEqualTo(202);
  }

  @Test
  void statusIsTheRoutersAnswer() throws Exception {
    assertThat(get("/v1/messages/m1").statusCode()).isEqualTo(503);
    try (OperationsServer router =
        OperationsServer.start(
            new HttpAddress("127.0.0.1", 0),
            "test",
            Metrics.registry(),
            Optional::empty,
            config ->
                config.routes.get(
                    "/v1/messages/{id}",
                    ctx ->
                        ctx.status(ctx.pathParam("id").equals("m 1") ? 200 : 404)
                            .result("{\"id\":\"m 1\"}")))) {
      server.close();
      status =
          new StatusHandler(() ->
              List.of(new ServicePresence("r", "router", router.url(), "", "", Instant.EPOCH)));
      server = serve(ApiKeys.load(Optional.empty()));

      assertThat(get("/v1/messages/m%201").body()).isEqualTo("{\"id\":\"m 1\"}");
      assertThat(get("/v1/messages/other").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void theOpenApiDocumentListsEveryRoute() throws Exception {
    JsonNode paths =
        Json.tree(get("/openapi.json").body().getBytes(StandardCharsets.UTF_8))
            .orElseThrow()
            .path("paths");

    assertThat(paths.fieldNames())
        .toIterable()
        .contains(
            "/v1/messages",
            "/v1/messages/batch",
            "/v1/messages/{id}",
            "/livez",
            "/readyz",
            "/metrics");
    assertThat(get("/livez").statusCode()).isEqualTo(200);
    assertThat(get("/metrics").body()).contains("tandem_ingest_requests_total");
  }

  private OperationsServer serve(ApiKeys keys) {
    String yaml =
        "ingest: { max-message-size: 64KiB }\nservers: { a: { host: h } }\nroutes: { default: { primary: a } }\n";
    Settings settings =
        ((SettingsResult.Valid) SettingsReader.read("test", yaml, Map.of())).settings();
    PrometheusMeterRegistry registry = Metrics.registry();
    return OperationsServer.start(
        new HttpAddress("127.0.0.1", 0),
        "test",
        registry,
        Optional::empty,
        config -> IngestService.routes(config, settings, log, status, keys, registry));
  }

  private HttpResponse<String> post(String type, String body, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server.url() + "/v1/messages"))
            .header("content-type", type);
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return send(request.POST(BodyPublishers.ofString(body)));
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(URI.create(server.url() + path)));
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }
}
