package io.tandemmail.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tandemmail.sink.Behaviour;
import io.tandemmail.sink.MailSink;
import io.tandemmail.sink.ReceivedMessage;
import io.tandemmail.sink.SinkConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * A measurement (docs/health.md): a server slows down to a tenth for three minutes, under a route of high priority and a bulk
 * route. Five minutes, and times that mean something only where processors are free, so it runs when asked for:
 * {@code -Dtandem.overload=true}.
 */
@EnabledIfSystemProperty(named = "tandem.overload", matches = "true")
class OverloadIT {
  private static final Duration START = Duration.ofSeconds(120);
  private static final Duration WARM_UP = Duration.ofSeconds(20);
  private static final Duration BEFORE = Duration.ofSeconds(20);
  private static final Duration SLOW = Duration.ofMinutes(3);

  /** By then high-priority mail has left. */
  private static final Duration SEEN = Duration.ofSeconds(2);

  private static final Duration RETURN = Duration.ofSeconds(60);
  private static final Duration AFTER = Duration.ofSeconds(30);

  /** Six connections: 400 messages a second, and 40 when it is slow. */
  private static final String NORMAL = "slow-dot-15ms";

  private static final String TENTH = "slow-dot-150ms";

  private static final int BULK_PER_HIGH = 10;
  private static final Duration HIGH_EVERY = Duration.ofMillis(150);

  @TempDir Path folder;
  private final Map<String, Instant> submitted = new ConcurrentHashMap<>();
  private final Map<String, Instant> arrived = new ConcurrentHashMap<>();
  private final List<Share> shares = new CopyOnWriteArrayList<>();
  private volatile boolean running = true;

  private record Share(Instant at, int percent) {}

  @Test
  void bulkMailWaitsAndSheddingEndsWhereHighPriorityMailGoesOn() throws Exception {
    int port = Submissions.freePort();
    int consolePort = Submissions.freePort();
    try (MailSink primary = MailSink.start(SinkConfig.named("a"), this::arrived);
        MailSink secondary = MailSink.start(SinkConfig.named("b"), this::arrived)) {
      primary.behave(behaviour(NORMAL));
      secondary.behave(behaviour(NORMAL));
      try (TandemProcess standalone = standalone(port, consolePort, primary, secondary)) {
        Thread feeder = Thread.ofPlatform().start(() -> feed("http://127.0.0.1:" + port));
        Thread watcher = Thread.ofPlatform().start(() -> watch("http://127.0.0.1:" + consolePort));
        Instant before = Instant.now().plus(WARM_UP);
        sleepUntil(before.plus(BEFORE));
        Instant slow = Instant.now();
        primary.behave(behaviour(TENTH));
        sleepUntil(slow.plus(SLOW));
        Instant well = Instant.now();
        primary.behave(behaviour(NORMAL));
        await().atMost(RETURN).until(() -> shares.getLast().percent() > 95);
        Instant back = shares.getLast().at();
        sleepUntil(back.plus(AFTER));
        running = false;
        feeder.join();
        watcher.join();
        await().atMost(START).until(() -> arrived.keySet().containsAll(submitted.keySet()));

        report(before, slow, well, back);
        assertThat(percentile("high", slow.plus(SEEN), well, 99))
            .as("p99 of the high-priority route once it has left, beside that of before, ms")
            .isLessThan(2 * percentile("high", before, slow, 99));
        assertThat(Duration.between(well, back)).isLessThan(RETURN);
        assertThat(swing(back)).as("swing of the share afterwards").isLessThanOrEqualTo(20);
        assertThat(standalone.output()).as("its log").doesNotContain(" ERROR ");
      }
    }
  }

  private void report(Instant before, Instant slow, Instant well, Instant back) {
    Instant end = back.plus(AFTER);
    for (String route : List.of("high", "bulk")) {
      line(route, "before", before, slow);
      line(route, "slow", slow, well);
      line(route, "slow, first minute", slow, slow.plusSeconds(60));
      line(route, "slow, from 2 s on", slow.plus(SEEN), well);
      line(route, "coming back", well, back);
      line(route, "after", back, end);
    }
    StringBuilder path = new StringBuilder();
    for (Share share : shares) {
      path.append(
          String.format(
              Locale.ROOT,
              " %+.1f:%d",
              Duration.between(slow, share.at()).toMillis() / 1_000.0,
              share.percent()));
    }
    System.out.println("share by seconds since the slow-down:" + path);
    System.out.printf(
        "above 95 %% again %d s after the end, largest swing afterwards %d points%n",
        Duration.between(well, back).toSeconds(), swing(back));
  }

  private void line(String route, String phase, Instant from, Instant to) {
    System.out.printf(
        "%-5s %-20s %5d messages, p50 %5d ms, p99 %5d ms%n",
        route,
        phase,
        millis(route, from, to).size(),
        percentile(route, from, to, 50),
        percentile(route, from, to, 99));
  }

  private long percentile(String route, Instant from, Instant to, int percent) {
    List<Long> millis = millis(route, from, to);
    return millis.isEmpty() ? 0 : millis.get((millis.size() - 1) * percent / 100);
  }

  /** From before it was submitted to its arrival, sorted. */
  private List<Long> millis(String route, Instant from, Instant to) {
    List<Long> millis = new ArrayList<>();
    submitted.forEach((key, at) -> {
      Instant came = arrived.get(key);
      if (came != null && key.startsWith(route) && !at.isBefore(from) && at.isBefore(to)) {
        millis.add(Duration.between(at, came).toMillis());
      }
    });
    millis.sort(Long::compare);
    return millis;
  }

  private int swing(Instant since) {
    List<Integer> later =
        shares.stream().filter(it -> !it.at().isBefore(since)).map(Share::percent).toList();
    return later.stream().max(Integer::compare).orElse(0)
        - later.stream().min(Integer::compare).orElse(0);
  }

  private void arrived(ReceivedMessage message) {
    arrived.putIfAbsent(message.key(), Instant.now());
  }

  private void feed(String ingest) {
    try {
      for (int i = 0; running; i++) {
        Instant next = Instant.now().plus(HIGH_EVERY);
        submit(ingest, "high", "high-" + i);
        for (int j = 0; j < BULK_PER_HIGH; j++) {
          submit(ingest, "bulk", "bulk-" + i + "-" + j);
        }
        sleepUntil(next);
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void submit(String ingest, String route, String id)
      throws IOException, InterruptedException {
    submitted.put(id, Instant.now());
    assertThat(Submissions.post(ingest, id, route)).isEqualTo(202);
  }

  private void watch(String console) {
    int last = -1;
    try {
      while (running) {
        int share = share(console);
        if (share >= 0 && share != last) {
          shares.add(new Share(Instant.now(), share));
          last = share;
        }
        TimeUnit.MILLISECONDS.sleep(200);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Of the primary; -1 if it cannot be asked now, which on a busy machine is no wonder. */
  private static int share(String console) throws InterruptedException {
    try {
      return ConsoleStatus.server(console, "a").path("share").asInt(-1);
    } catch (IOException later) {
      return -1;
    }
  }

  private static void sleepUntil(Instant time) throws InterruptedException {
    long millis = Duration.between(Instant.now(), time).toMillis();
    if (millis > 0) {
      TimeUnit.MILLISECONDS.sleep(millis);
    }
  }

  private static Behaviour behaviour(String words) {
    return Behaviour.parse(words).orElseThrow(() -> new IllegalArgumentException(words));
  }

  private TandemProcess standalone(int port, int consolePort, MailSink a, MailSink b)
      throws IOException {
    Path config =
        Files.writeString(
            folder.resolve("tandem.yaml"),
            """
            kafka: { embedded: { port: %d, data-dir: %s }, partitions: 6 }
            ingest: { http: { port: %d } }
            console: { port: %d }
            worker: { ehlo-name: localhost }
            servers:
              a: { host: 127.0.0.1, port: %d, tls: none, max-connections: 6 }
              b: { host: 127.0.0.1, port: %d, tls: none, max-connections: 6 }
            routes:
              default: { primary: a, secondary: b }
              high: { primary: a, secondary: b, priority: high }
              bulk: { primary: a, secondary: b, priority: bulk }
            """
                .formatted(
                    Submissions.freePort(),
                    folder.resolve("tandem-data"),
                    port,
                    consolePort,
                    a.port(),
                    b.port()));
    return TandemProcess.tandem(folder, "standalone", "standalone", "--config", config.toString())
        .awaitOutput("tandem is ready", START);
  }
}
