package io.tandemmail.console.web;

import io.tandemmail.console.ClusterStatus;
import io.tandemmail.console.ClusterStatus.RouteStatus;
import io.tandemmail.console.HealthHistory;
import io.tandemmail.console.browser.BrowserRules;
import io.tandemmail.model.server.ServerCommand;
import io.tandemmail.model.server.ServerHealth;
import io.tandemmail.model.server.ServerMode;
import io.tandemmail.model.server.ServerState;
import io.tandemmail.model.settings.HttpAddress;
import io.tandemmail.model.settings.Settings;
import io.tandemmail.model.settings.SettingsReader;
import io.tandemmail.model.settings.SettingsResult;
import io.tandemmail.runtime.http.OperationsServer;
import io.tandemmail.runtime.lookup.MessageLookup;
import io.tandemmail.runtime.metrics.Metrics;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/** The console's HTTP on a free port of loopback, with the cluster behind it played by fields. */
final class ConsoleUnderTest implements AutoCloseable {
  static final String HOSTILE = "550 <script>alert(1)</script> \"' \u001b[31m";

  final List<ServerCommand> orders = new CopyOnWriteArrayList<>();
  final EventStream stream;
  volatile Optional<ClusterStatus> status = Optional.of(status());
  final DrillsInMemory drills = new DrillsInMemory();
  volatile boolean kafkaTakesOrders = true;
  volatile boolean showsMessages = true;
  volatile MessageLookup.Answer message = new MessageLookup.NoRouter();
  private final HttpClient client = HttpClient.newHttpClient();
  private final OperationsServer server;

  ConsoleUnderTest() {
    this(Duration.ofSeconds(10));
  }

  ConsoleUnderTest(Duration heartbeat) {
    stream = new EventStream(heartbeat);
    ConsoleRoutes routes =
        new ConsoleRoutes(
            new ConsoleRoutes.Shown(() -> status, new HealthHistory()),
            stream,
            new ConsoleRoutes.Orders(
                new ServerOrders(() -> Set.of("mx-a"), this::append),
                new DrillOrders(ConsoleUnderTest::settings, drills)),
            new MessageSearch(id -> message, () -> showsMessages),
            new BrowserRules(true, "127.0.0.1"));
    server =
        OperationsServer.start(
            new HttpAddress("127.0.0.1", 0),
            "console.port",
            Metrics.registry(),
            Optional::empty,
            routes::add);
  }

  static ClusterStatus status() {
    return new ClusterStatus(
        List.of(health(HOSTILE)),
        List.of(),
        List.of(new RouteStatus("default", 5, 3, 1, 1, 0)),
        "abc",
        List.of(),
        ClusterStatus.Disks.UNKNOWN,
        Instant.parse("2026-11-24T10:00:01Z"));
  }

  private static Settings settings() {
    String yaml =
        "servers: {mx-a: {host: h}, mx-b: {host: h}}\n"
            + "routes: {default: {primary: mx-a, secondary: mx-b}, alone: {primary: mx-a}}\n";
    return ((SettingsResult.Valid) SettingsReader.read("test", yaml, Map.of())).settings();
  }

  static ServerHealth health(String evidence) {
    Instant since = Instant.parse("2026-11-24T10:00:00Z");
    return new ServerHealth("mx-a", ServerState.DOWN, 0, 4, since, evidence, ServerMode.AUTO);
  }

  URI uri(String path) {
    return URI.create(server.url() + path);
  }

  HttpResponse<String> get(String path, String... headers) throws Exception {
    return send(request(path, headers).build());
  }

  HttpResponse<String> post(String path, String body, String... headers) throws Exception {
    return send(request(path, headers).POST(HttpRequest.BodyPublishers.ofString(body)).build());
  }

  HttpResponse<String> put(String path, String body, String... headers) throws Exception {
    return send(request(path, headers).PUT(HttpRequest.BodyPublishers.ofString(body)).build());
  }

  /** One that does nothing but what the test says; nothing is read of what comes. */
  Socket connect(String request) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(4 << 10);
    socket.setSoTimeout(30_000);
    socket.connect(new InetSocketAddress("127.0.0.1", server.port()));
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  Socket listener() throws IOException {
    return connect("GET /v1/stream HTTP/1.1\r\nHost: localhost\r\n\r\n");
  }

  @Override
  public void close() {
    // First the client: Jetty gives idle connections a second.
    client.shutdownNow();
    stream.close();
    server.close();
  }

  private boolean append(ServerCommand order) {
    return kafkaTakesOrders && orders.add(order);
  }

  private HttpRequest.Builder request(String path, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri(path));
    return headers.length == 0 ? request : request.headers(headers);
  }

  private HttpResponse<String> send(HttpRequest request) throws Exception {
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }
}
