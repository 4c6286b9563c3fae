package io.tandemmail.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.tandemmail.sink.Behaviour;
import io.tandemmail.sink.MailSink;
import io.tandemmail.sink.ReceivedMessage;
import io.tandemmail.sink.SinkConfig;
import io.tandemmail.smtp.server.Credentials;
import io.tandemmail.torture.evidence.Events;
import io.tandemmail.torture.process.Jvm;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * However a primary goes out of service, the mail that waits for it leaves by the secondary: within a second where it says so
 * itself, within three where it falls silent. A route with a primary of its own for each way, with the defaults of {@code health}.
 */
class DetectionIT {
  private static final Duration SAYS_SO = Duration.ofSeconds(1);
  private static final Duration SILENT = Duration.ofSeconds(3);

  /**
   * Mail that was submitted so soon after the fault counts as waiting: the first of it was placed on the primary. What the
   * primary answers with 4yz was tried and waits for its next attempt, so where it does that none may be left from before.
   */
  private static final Duration PLACED = Duration.ofMillis(700);

  private static final Duration START = Duration.ofSeconds(120);
  private static final Credentials LOGIN = new Credentials("ann", "secret");

  @TempDir Path folder;
  private final Map<String, Instant> submitted = new ConcurrentHashMap<>();
  private final Map<String, Instant> byPrimary = new ConcurrentHashMap<>();
  private final Map<String, Instant> bySecondary = new ConcurrentHashMap<>();
  private final Map<String, MailSink> primaries = new TreeMap<>();
  private final List<AutoCloseable> opened = new ArrayList<>();
  private TestAuthority authority;
  private Path good;
  private Path expired;
  private volatile String fed = "refused";
  private volatile boolean feeding = true;

  private interface Fault {
    void begin() throws Exception;
  }

  @BeforeEach
  void certificates() throws Exception {
    authority = TestAuthority.in(folder.resolve("certificates"));
    Instant yesterday = Instant.now().minus(Duration.ofDays(1));
    good = authority.keyStore("good", "IP:127.0.0.1", yesterday, yesterday.plusSeconds(3_000_000));
    expired =
        authority.keyStore("expired", "IP:127.0.0.1", yesterday.minusSeconds(90_000), yesterday);
  }

  @AfterEach
  void letGo() throws Exception {
    for (AutoCloseable each : opened.reversed()) {
      each.close();
    }
  }

  @Test
  void theSecondaryDeliversTheFirstWaitingMessageInTime() throws Exception {
    for (String way :
        List.of("refused", "reset", "many", "mail", "atdot", "connect", "hole", "dot")) {
      primary(way, SinkConfig.named(way));
    }
    MailSink tls = primary("tls", SinkConfig.named("tls").withTls(good, TestAuthority.PASSWORD));
    MailSink auth = primary("auth", secured().requiring(LOGIN));
    MailSink secondary =
        open(MailSink.start(SinkConfig.named("b"), it -> arrived(bySecondary, it)));
    List<MailSink> addresses = fourAddresses();
    int port = Submissions.freePort();
    int kafkaPort = Submissions.freePort();
    int consolePort = Submissions.freePort();
    String config =
        config(kafkaPort, port, consolePort, secondary.port(), addresses.getFirst().port());
    try (Pauses pauses = new Pauses();
        TandemProcess standalone =
            TandemProcess.tandem(
                resolving(), folder, "standalone", "standalone", "--config", config)) {
      standalone.awaitOutput("tandem is ready", START);
      Thread feeder = Thread.ofPlatform().start(() -> feed("http://127.0.0.1:" + port));
      Detections seen = new Detections(kafkaPort, pauses);
      try {
        seen.detect("refused", SAYS_SO, () -> sink("refused").stop());
        seen.detect("reset", SAYS_SO, () -> open(Deaf.resetting(sink("reset"))));
        seen.detect("many", SAYS_SO, () -> fallsAtConnect("many", "421-greeting"));
        seen.detect("mail", SAYS_SO, () -> falls("mail", "451-mail"));
        seen.detect("atdot", SILENT, () -> falls("atdot", "421-dot"));
        seen.detect("tls", SAYS_SO, () -> replace(tls, tlsExpired()));
        seen.detect("auth", SAYS_SO, () -> replace(auth, secured().requiring(another())));
        seen.detect("connect", SILENT, () -> fallsAtConnect("connect", "silent-after-connect"));
        seen.detect("hole", SILENT, () -> open(Deaf.swallowing(sink("hole"))));
        seen.detect("dot", SILENT, () -> falls("dot", "silent-dot"));
        oneAddressOfFour(addresses, "http://127.0.0.1:" + consolePort);
      } finally {
        feeding = false;
        feeder.join();
      }
      seen.print();
      assertThat(standalone.output()).as("its log").doesNotContain(" ERROR ");
    }
  }

  /** What was seen, a line for each case. */
  private final class Detections {
    private final int kafkaPort;
    private final Pauses pauses;
    private final Map<String, Instant> begun = new TreeMap<>();
    private final StringBuilder lines = new StringBuilder();

    Detections(int kafkaPort, Pauses pauses) {
      this.kafkaPort = kafkaPort;
      this.pauses = pauses;
    }

    void detect(String route, Duration bound, Fault fault) throws Exception {
      fed = route;
      await("mail by the primary of " + route)
          .atMost(START)
          .until(() -> byPrimary.keySet().stream().filter(key -> isOf(key, route)).count() > 20);
      Instant from = Instant.now();
      fault.begin();
      Instant last = from.plus(PLACED);
      await("mail of " + route + " by the secondary")
          .atMost(START)
          .pollInterval(Duration.ofMillis(20))
          .until(() -> first(route, from, last).isBefore(Instant.MAX));
      Instant first = first(route, from, last);
      Duration stoodStill = pauses.within(from, first);
      Duration took = Duration.between(from, first);
      begun.put(route, from);
      lines.append(
          String.format(
              "%-8s first waiting message by the secondary after %4d ms (this JVM stood still for %d ms)%n",
              route, took.toMillis(), stoodStill.toMillis()));
      assertThat(took)
          .as("from the fault (%s) to the secondary, beside what the machine stood still", route)
          .isLessThan(bound.plus(stoodStill));
    }

    void print() {
      System.out.print(lines);
      Events events = new Events(Submissions.kafka("127.0.0.1:" + kafkaPort, 4));
      begun.forEach((route, from) ->
          System.out.printf(
              "%-8s %s%n", route, events.healthOf(route).text(from, from.plusSeconds(60))));
    }
  }

  /** It was waiting when the fault began, or was placed on the primary because nobody knew yet. */
  private Instant first(String route, Instant from, Instant placedUntil) {
    return bySecondary.entrySet().stream()
        .filter(entry -> isOf(entry.getKey(), route) && entry.getValue().isAfter(from))
        .filter(entry -> {
          Instant at = submitted.get(entry.getKey());
          return at != null && at.isBefore(placedUntil);
        })
        .map(Map.Entry::getValue)
        .min(Instant::compareTo)
        .orElse(Instant.MAX);
  }

  /** The others take its mail, the server stays in service, and what is wrong is said. */
  private void oneAddressOfFour(List<MailSink> addresses, String console) throws Exception {
    fed = "address";
    MailSink first = addresses.getFirst();
    await("mail by the first address").atMost(START).until(() -> first.counts().transactions() > 0);
    first.stop();
    await("what is wrong with the server")
        .atMost(START)
        .until(() -> evidence(console, "address").contains("1 of 4 addresses avoided"));
    Instant from = Instant.now();
    await("mail after that")
        .atMost(START)
        .until(() ->
            byPrimary.entrySet().stream()
                    .filter(it -> isOf(it.getKey(), "address") && it.getValue().isAfter(from))
                    .count()
                > 20);
    assertThat(evidence(console, "address")).startsWith("UP ");
    assertThat(bySecondary.keySet()).noneMatch(key -> isOf(key, "address"));
  }

  private static String evidence(String console, String id) throws Exception {
    JsonNode server = ConsoleStatus.server(console, id);
    return server.path("state").asText() + " " + server.path("evidence").asText();
  }

  private MailSink sink(String way) {
    return primaries.get(way);
  }

  private void falls(String way, String how) {
    sink(way).behave(Behaviour.parse(how).orElseThrow(() -> new IllegalArgumentException(how)));
  }

  /** In sessions that are open it greets no more, so those are cut. */
  private void fallsAtConnect(String way, String how) throws IOException {
    falls(way, how);
    sink(way).stop();
    sink(way).restart();
  }

  /** What it is from now on, at the same port. */
  private void replace(MailSink server, SinkConfig other) throws IOException {
    server.stop();
    open(MailSink.start(other.onPort(server.port()), it -> arrived(byPrimary, it)));
  }

  private SinkConfig secured() throws Exception {
    return SinkConfig.named("auth").withTls(good, TestAuthority.PASSWORD);
  }

  private SinkConfig tlsExpired() throws Exception {
    return SinkConfig.named("tls").withTls(expired, TestAuthority.PASSWORD);
  }

  private static Credentials another() {
    return new Credentials(LOGIN.user(), "changed");
  }

  private MailSink primary(String way, SinkConfig config) throws IOException {
    MailSink sink = open(MailSink.start(config, it -> arrived(byPrimary, it)));
    primaries.put(way, sink);
    return sink;
  }

  /** One host, four addresses, one port. */
  private List<MailSink> fourAddresses() throws IOException {
    int port = Submissions.freePort();
    List<MailSink> sinks = new ArrayList<>();
    for (int i = 1; i <= 4; i++) {
      SinkConfig config = SinkConfig.named("address-" + i).at("127.0.1." + i).onPort(port);
      sinks.add(open(MailSink.start(config, it -> arrived(byPrimary, it))));
    }
    return sinks;
  }

  /** Names for the process, instead of a name server's. */
  private Jvm resolving() throws IOException {
    StringBuilder lines = new StringBuilder();
    lines.append("127.0.0.1 localhost ").append(InetAddress.getLocalHost().getHostName());
    for (int i = 1; i <= 4; i++) {
      lines.append("\n127.0.1.").append(i).append(" mx.example.com");
    }
    Path hosts = Files.writeString(folder.resolve("hosts"), lines.append("\n").toString());
    return TandemProcess.JVM.with("-Djdk.net.hosts.file=" + hosts);
  }

  private <T extends AutoCloseable> T open(T one) {
    opened.add(one);
    return one;
  }

  private static void arrived(Map<String, Instant> where, ReceivedMessage message) {
    where.putIfAbsent(message.key(), Instant.now());
  }

  private static boolean isOf(String key, String route) {
    return key.startsWith(route + "-");
  }

  private void feed(String ingest) {
    int count = 0;
    try {
      while (feeding) {
        String id = fed + "-" + count++;
        submitted.put(id, Instant.now());
        Submissions.post(ingest, id, id.substring(0, id.indexOf('-')));
        TimeUnit.MILLISECONDS.sleep(20);
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String config(int kafkaPort, int port, int consolePort, int secondary, int address)
      throws IOException {
    StringBuilder servers = new StringBuilder();
    StringBuilder routes = new StringBuilder();
    Path password = Files.writeString(folder.resolve("login.secret"), LOGIN.password());
    primaries.forEach((way, sink) -> {
      String security =
          switch (way) {
            case "tls" -> "required, trust-store: " + authority.trustStore();
            case "auth" ->
                "required, trust-store: %s, username: %s, password-file: %s"
                    .formatted(authority.trustStore(), LOGIN.user(), password);
            default -> "none";
          };
      servers.append(
          "  %s: { host: 127.0.0.1, port: %d, tls: %s }\n".formatted(way, sink.port(), security));
      routes.append("  %1$s: { primary: %1$s, secondary: b }\n".formatted(way));
    });
    return Files.writeString(
            folder.resolve("tandem.yaml"),
            """
            kafka: { embedded: { port: %d, data-dir: %s }, partitions: 4 }
            ingest: { http: { port: %d } }
            console: { port: %d }
            worker: { ehlo-name: localhost }
            servers:
              b: { host: 127.0.0.1, port: %d, tls: none }
              address: { host: mx.example.com, port: %d, tls: none }
            %sroutes:
              default: { primary: b }
              address: { primary: address, secondary: b }
            %s\
            """
                .formatted(
                    kafkaPort,
                    folder.resolve("tandem-data"),
                    port,
                    consolePort,
                    secondary,
                    address,
                    servers,
                    routes))
        .toString();
  }
}
