package io.tandemmail.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.tandemmail.model.json.Json;
import io.tandemmail.model.wire.Topics;
import io.tandemmail.parity.DnsTestServer;
import io.tandemmail.runtime.kafka.KafkaClients;
import io.tandemmail.sink.MailSink;
import io.tandemmail.sink.SinkConfig;
import io.tandemmail.smtp.server.Credentials;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/**
 * A running system with TLS, logins and a name server. The route {@code healthy} has the primary {@code a}, the secondary {@code
 * ok} and a key record that is published. Every other route differs from it in one thing, after which it is named.
 */
final class FaultyRoutes implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(90);
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String PUBLISHED = "published._domainkey.example.com";
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final Path folder;
  private final List<AutoCloseable> open = new ArrayList<>();
  private final Map<String, MailSink> sinks = new HashMap<>();
  private final Arrivals arrivals = new Arrivals();
  private final List<String> accepted = new CopyOnWriteArrayList<>();
  private final int kafkaPort = Submissions.freePort();
  private final int ingestPort = Submissions.freePort();
  private final int consolePort = Submissions.freePort();
  private final TestAuthority authority;
  private final DnsTestServer dns;
  private final String keyRecord;
  private final Path config;
  private int commands;

  /**
   * What a drill that moves mail changes.
   *
   * @param orders ever given, of drills too
   * @param primary state, share, epoch and since when
   * @param failovers of all routes
   * @param bySecondaries transactions that began
   */
  record Standing(long orders, String primary, double failovers, long bySecondaries) {}

  static FaultyRoutes start(Path folder) throws Exception {
    FaultyRoutes system = new FaultyRoutes(folder);
    try {
      TandemProcess process =
          TandemProcess.tandem(
              folder, "standalone", "standalone", "--config", system.config.toString());
      system.open.add(process);
      process.awaitOutput("tandem is ready", START);
      return system;
    } catch (IOException | AssertionError e) {
      system.close();
      throw e;
    }
  }

  private FaultyRoutes(Path folder) throws Exception {
    this.folder = folder;
    authority = TestAuthority.in(folder.resolve("certificates"));
    Instant yesterday = Instant.now().minus(Duration.ofDays(1));
    Instant nextMonth = yesterday.plus(Duration.ofDays(29));
    Path good = authority.keyStore("good", "IP:127.0.0.1", yesterday, nextMonth);
    sink("a", good);
    sink("ok", good);
    sink("wrong-password", good);
    sink(
        "expired",
        authority.keyStore(
            "expired", "IP:127.0.0.1", yesterday.minus(Duration.ofDays(90)), yesterday));
    sink("other-name", authority.keyStore("other", "DNS:mx.example.org", yesterday, nextMonth));
    KeyPairGenerator keys = KeyPairGenerator.getInstance("RSA");
    keys.initialize(2048);
    KeyPair key = keys.generateKeyPair();
    keyRecord =
        "v=DKIM1; k=rsa; p=" + Base64.getEncoder().encodeToString(key.getPublic().getEncoded());
    dns = DnsTestServer.start().withText("example.com", "v=spf1 ip4:192.0.2.1 -all");
    open.add(dns);
    publishKeyRecord();
    config = Files.writeString(folder.resolve("tandem.yaml"), configuration(keyFile(key)));
  }

  private String configuration(Path key) throws IOException {
    return """
    kafka: { embedded: { port: %d, data-dir: %s }, partitions: 1 }
    ingest: { http: { port: %d } }
    console: { port: %d }
    worker: { ehlo-name: localhost, drain-budget: 5s }
    dns: { servers: "127.0.0.1:%d", timeout: 2s }
    servers:
    %s%s%s%s%sroutes:
      healthy: { primary: a, secondary: ok, dkim: [{ domain: example.com, selector: published, key-file: %11$s }] }
      password: { primary: a, secondary: wrong-password }
      expired: { primary: a, secondary: expired }
      name: { primary: a, secondary: other-name }
      dkim: { primary: a, secondary: ok, dkim: [{ domain: example.com, selector: missing, key-file: %11$s }] }
    health: { probe-interval: 300ms, down-after-failures: 10, up-after-successes: 2, ramp: 1s, cool-down: 1s..5s, drain-target: 60s }
    """
        .formatted(
            kafkaPort,
            folder.resolve("data"),
            ingestPort,
            consolePort,
            dns.port(),
            server("a", "secret"),
            server("ok", "secret"),
            server("wrong-password", "changed"),
            server("expired", "secret"),
            server("other-name", "secret"),
            key);
  }

  private String server(String id, String password) throws IOException {
    Path file = Files.writeString(folder.resolve(id + ".secret"), password);
    return "  %s: { host: 127.0.0.1, port: %d, tls: required, username: ann, password-file: %s, egress-addresses: 192.0.2.1, trust-store: %s }\n"
        .formatted(id, sinks.get(id).port(), file, authority.trustStore());
  }

  /** A command that is running. */
  TandemProcess drill(String route, String... more) throws IOException {
    List<String> all = new ArrayList<>(List.of("drill", route, "--config", config.toString()));
    all.addAll(List.of(more));
    return TandemProcess.tandem(folder, "drill-" + commands++, all.toArray(String[]::new));
  }

  /** By the console; the drill's id. */
  String orderDrill(String route) throws Exception {
    HttpRequest order =
        HttpRequest.newBuilder(URI.create(consoleUrl("/v1/drills")))
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString("{\"route\":\"" + route + "\"}"))
            .build();
    return tree(HTTP.send(order, HttpResponse.BodyHandlers.ofString()).body()).path("id").asText();
  }

  HttpResponse<String> console(String path, String... headers) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(consoleUrl(path)));
    return HTTP.send(
        (headers.length == 0 ? request : request.headers(headers)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  void hideKeyRecord() throws IOException {
    dns.without(PUBLISHED);
  }

  void publishKeyRecord() throws IOException {
    dns.withText(PUBLISHED, keyRecord);
  }

  /** Once the primary is well: the status is read every two seconds, and a machine may be too slow for a moment. */
  Standing standing() {
    return await("primary")
        .atMost(SOON)
        .until(this::read, now -> now.primary().startsWith("UP 100 "));
  }

  private Standing read() throws Exception {
    JsonNode status = tree(console("/v1/status").body());
    JsonNode server = ConsoleStatus.server(status, "a");
    String primary =
        "%s %d epoch %d since %s"
            .formatted(
                server.path("state").asText(),
                server.path("share").asInt(),
                server.path("epoch").asInt(),
                server.path("since").asText());
    long bySecondaries =
        sinks.entrySet().stream()
            .filter(sink -> !sink.getKey().equals("a"))
            .mapToLong(sink -> sink.getValue().counts().transactions())
            .sum();
    return new Standing(orders(), primary, failovers(status), bySecondaries);
  }

  /** And none of them twice. */
  void awaitArrivalOfAllAccepted() {
    arrivals.awaitAll(List.copyOf(accepted), SOON);
    assertThat(arrivals.duplicates()).isZero();
  }

  @Override
  public void close() throws Exception {
    for (AutoCloseable one : open.reversed()) {
      one.close();
    }
  }

  /** Mail on the route {@code healthy} until it is closed. */
  AutoCloseable feed() {
    Thread feed = Thread.ofVirtual().start(this::submit);
    return () -> {
      feed.interrupt();
      feed.join();
    };
  }

  private void submit() {
    for (int i = 0; !Thread.currentThread().isInterrupted(); i++) {
      try {
        if (Submissions.post("http://127.0.0.1:" + ingestPort, "m-" + i, "healthy") == 202) {
          accepted.add("m-" + i);
        }
        TimeUnit.MILLISECONDS.sleep(50);
      } catch (IOException | InterruptedException e) {
        return;
      }
    }
  }

  private long orders() {
    try (Consumer<byte[], byte[]> consumer =
        KafkaClients.consumer(
            Submissions.kafka("127.0.0.1:" + kafkaPort, 1), "test-orders", Map.of())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(Topics.SERVER_COMMANDS).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      return consumer.endOffsets(partitions).values().stream().mapToLong(Long::longValue).sum();
    }
  }

  private static double failovers(JsonNode status) throws Exception {
    double sum = 0;
    for (JsonNode service : status.path("services")) {
      if (service.path("kind").asText().equals("router")) {
        String metrics = Submissions.get(service.path("url").asText() + "/metrics").body();
        sum +=
            metrics
                .lines()
                .filter(line -> line.startsWith("tandem_failovers_total{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
      }
    }
    return sum;
  }

  private void sink(String id, Path keyStore) throws Exception {
    MailSink sink =
        MailSink.start(
            SinkConfig.named(id)
                .withTls(keyStore, TestAuthority.PASSWORD)
                .requiring(new Credentials("ann", "secret")),
            arrivals);
    sinks.put(id, sink);
    open.add(sink);
  }

  private Path keyFile(KeyPair key) throws IOException {
    String base64 = Base64.getMimeEncoder().encodeToString(key.getPrivate().getEncoded());
    return Files.writeString(
        folder.resolve("dkim.pem"),
        "-----BEGIN PRIVATE KEY-----\n" + base64 + "\n-----END PRIVATE KEY-----\n");
  }

  private String consoleUrl(String path) {
    return "http://127.0.0.1:" + consolePort + path;
  }

  private static JsonNode tree(String json) {
    return Json.tree(json.getBytes(StandardCharsets.UTF_8)).orElseThrow();
  }
}
