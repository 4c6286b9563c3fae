package io.tandemmail.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tandemmail.ingest.accept.Acceptance;
import io.tandemmail.ingest.accept.ApiKeys;
import io.tandemmail.ingest.accept.BodyRoom;
import io.tandemmail.ingest.accept.ScriptedLog;
import io.tandemmail.model.disk.DiskGate;
import io.tandemmail.model.disk.LogDir;
import io.tandemmail.model.json.Json;
import io.tandemmail.model.service.ServicePresence;
import io.tandemmail.model.settings.HttpAddress;
import io.tandemmail.model.settings.Settings;
import io.tandemmail.model.settings.SettingsReader;
import io.tandemmail.model.settings.SettingsResult;
import io.tandemmail.model.wire.HeaderNames;
import io.tandemmail.runtime.config.Live;
import io.tandemmail.runtime.http.OperationsServer;
import io.tandemmail.runtime.lookup.RouterLookup;
import io.tandemmail.runtime.metrics.Metrics;
import java.io.IOException;
import java.io.InputStream;
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
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
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
  private BodyRoom room = new BodyRoom(1 << 10);
  private final HttpClient client = HttpClient.newHttpClient();
  private RouterLookup lookup = new RouterLookup(List::of);
  private volatile DiskGate disks = DiskGate.OPEN;
  private OperationsServer server;

  @BeforeEach
  void start() {
    server = serve(ApiKeys.load(Optional.empty()));
  }

  @AfterEach
  void stop() {
    server.close();
    lookup.close();
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
  void whoSendsFarTooMuchStillReadsWhy() throws Exception {
    for (int i = 0; i < 20; i++) {
      assertThat(post(HeaderNames.JSON, "x".repeat(12 << 20)).statusCode()).isEqualTo(413);
    }
  }

  @Test
  void tooLargeAndUnknownTypesAreRefused() throws Exception {
    assertThat(post(HeaderNames.JSON, "{\"text\":\"" + "x".repeat(70_000) + "\"}").statusCode())
        .isEqualTo(413);
    assertThat(post("text/html", "<p>").statusCode()).isEqualTo(415);
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
      lookup.close();
      lookup =
          new RouterLookup(() ->
              List.of(new ServicePresence("r", "router", router.url(), "", "", Instant.EPOCH)));
      server = serve(ApiKeys.load(Optional.empty()));

      assertThat(get("/v1/messages/m%201").body()).isEqualTo("{\"id\":\"m 1\"}");
      assertThat(get("/v1/messages/other").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void everyErrorIsAProblem() throws Exception {
    assertProblem(get("/v1/message"), 404);
    HttpResponse<String> wrongMethod = get("/v1/messages");
    assertProblem(wrongMethod, 405);
    assertThat(wrongMethod.headers().firstValue("allow"))
        .hasValueSatisfying(allow -> assertThat(allow).contains("POST"));
    assertProblem(post("application/jsonp", MESSAGE), 415);
    assertProblem(post(HeaderNames.JSON, "x".repeat(70_000)), 413);
    assertProblem(post(HeaderNames.JSON, "{}"), 400);
    log.failing = true;
    assertProblem(post(HeaderNames.JSON, MESSAGE), 503);
    log.failing = false;
    log.broken = true;
    HttpResponse<String> defect = post(HeaderNames.JSON, MESSAGE);
    assertProblem(defect, 500);
    assertThat(defect.body()).doesNotContain("stack", "Exception", "java");
  }

  @Test
  void moreBodiesThanFitAreAskedToComeBack() throws Exception {
    server.close();
    room = new BodyRoom(2);
    server = serve(ApiKeys.load(Optional.empty()));

    HttpResponse<String> answer =
        post(HeaderNames.JSON, MESSAGE.replace("\"x\"", "\"" + "x".repeat(4_000) + "\""));
    assertProblem(answer, 429);
    assertThat(answer.headers().firstValue("retry-after")).isPresent();
    assertThat(post(HeaderNames.JSON, MESSAGE).statusCode()).isEqualTo(202);
    assertThat(post(HeaderNames.JSON, MESSAGE).statusCode()).isEqualTo(202);
  }

  @Test
  void aBodyThatStopsIs408AndOneThatIsCutIs400() {
    IOException stopped = new IOException("idle", new TimeoutException("30000 ms"));

    assertThat(Problem.unreadable(stopped).status()).isEqualTo(408);
    assertThat(Problem.unreadable(new IOException("early EOF")).status()).isEqualTo(400);
  }

  @Test
  void theIdempotencyKeyIsTheIdWhereverElseItIsGiven() throws Exception {
    String withId = MESSAGE.replace("{", "{\"id\":\"a\",");

    assertThat(post(HeaderNames.JSON, withId, "Idempotency-Key", "a").body())
        .isEqualTo("{\"id\":\"a\"}");
    assertProblem(post(HeaderNames.JSON, withId, "Idempotency-Key", "b"), 400);
    assertProblem(
        post(HeaderNames.JSON, MESSAGE, "Idempotency-Key", "b", HeaderNames.ID, "a"), 400);
    assertProblem(
        post(
            HeaderNames.RFC822,
            "Subject: x\r\n\r\nHi\r\n",
            HeaderNames.MAIL_FROM,
            "a@example.com",
            HeaderNames.RCPT_TO,
            "b@example.com",
            HeaderNames.ID,
            "a",
            "Idempotency-Key",
            "b"),
        400);
    assertThat(log.appended).hasSize(1);
  }

  @Test
  void textWithUnixLineEndsIsNoRfc822Message() throws Exception {
    HttpResponse<String> answer =
        post(
            HeaderNames.RFC822,
            "Subject: x\n\nHi\n",
            HeaderNames.MAIL_FROM,
            "a@example.com",
            HeaderNames.RCPT_TO,
            "b@example.com");

    assertProblem(answer, 400);
    assertThat(answer.body()).contains("bare LF without CR at byte 10", "tandem send");
  }

  @Test
  void theOpenApiDocumentListsEveryRoute() throws Exception {
    assertThat(openApiPaths().fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder(
            "/v1/messages",
            "/v1/messages/batch",
            "/v1/messages/{id}",
            "/openapi.json",
            "/livez",
            "/readyz",
            "/metrics");
    assertThat(get("/livez").statusCode()).isEqualTo(200);
    assertThat(get("/readyz").statusCode()).isEqualTo(200);
    assertThat(get("/metrics").body()).contains("tandem_ingest_requests_total");
  }

  private static void assertProblem(HttpResponse<String> answer, int status) {
    JsonNode problem = Json.tree(answer.body().getBytes(StandardCharsets.UTF_8)).orElseThrow();
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(problem.path("status").asInt()).isEqualTo(status);
    assertThat(problem.path("title").asText()).isNotEmpty();
    assertThat(problem.path("detail").asText()).isNotEmpty();
    assertThat(answer.headers().firstValue("content-type"))
        .hasValueSatisfying(type -> assertThat(type).startsWith("application/problem+json"));
  }

  private static JsonNode openApiPaths() throws IOException {
    try (InputStream in = IngestService.class.getResourceAsStream("openapi.json")) {
      return Json.tree(in.readAllBytes()).orElseThrow().path("paths");
    }
  }

  /** Whatever a test here sees the service answer, its description must know. */
  private static void assertDescribed(HttpResponse<String> answer) throws IOException {
    String path = answer.uri().getPath();
    boolean known = path.startsWith("/v1/messages/") && !path.equals("/v1/messages/batch");
    JsonNode methods = openApiPaths().path(known ? "/v1/messages/{id}" : path);
    String method = answer.request().method().toLowerCase(Locale.ROOT);
    String status = Integer.toString(answer.statusCode());
    if (methods.isMissingNode()) {
      assertThat(status).as("undescribed path %s", path).isIn("404", "401");
    } else if (!methods.has(method)) {
      assertThat(status).as("undescribed %s %s", method, path).isEqualTo("405");
    } else {
      assertThat(methods.path(method).path("responses").fieldNames())
          .toIterable()
          .as("statuses of %s %s", method, path)
          .contains(status);
    }
  }

  @Test
  void withoutRoomOnABrokersDiskNothingIsTakenAndTheAnswerSaysWhatWhereAndWhenToComeBack()
      throws Exception {
    disks = new DiskGate.Closed(new LogDir(2, "/logs", 10 << 20, 1L << 30), 64 << 20);

    HttpResponse<String> answer = post(HeaderNames.JSON, MESSAGE);

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
    assertThat(answer.headers().firstValue("Retry-After")).contains("30");
    assertThat(answer.body())
        .contains("broker 2: 10 MiB free of 1 GiB in /logs", "ingest.min-free-disk", "submit it");
    assertThat(log.appended).isEmpty();

    disks = DiskGate.OPEN;
    assertThat(post(HeaderNames.JSON, MESSAGE).statusCode()).isEqualTo(202);
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
        config ->
            IngestService.routes(
                config,
                Live.of(settings),
                new IngestService.Doors(
                    log,
                    new StatusHandler(lookup),
                    () -> keys,
                    room,
                    Acceptance.ANSWER_WITHIN,
                    () -> disks),
                registry));
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
    HttpResponse<String> answer =
        client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    assertDescribed(answer);
    return answer;
  }
}
