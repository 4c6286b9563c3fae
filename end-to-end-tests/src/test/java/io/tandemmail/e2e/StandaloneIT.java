package io.tandemmail.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tandemmail.sink.MailSink;
import io.tandemmail.sink.SinkConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One process with everything in it, real sockets, real kills. */
class StandaloneIT {
  private static final Duration START = Duration.ofSeconds(90);
  private static final Duration ARRIVAL = Duration.ofSeconds(90);

  @TempDir Path folder;
  private final Arrivals arrivals = new Arrivals();
  private MailSink primary;
  private MailSink secondary;
  private int kafkaPort;
  private String ingest;
  private Path config;

  @BeforeEach
  void prepare() throws IOException {
    primary = MailSink.start(SinkConfig.named("primary"), arrivals);
    secondary = MailSink.start(SinkConfig.named("secondary"), arrivals);
    kafkaPort = Submissions.freePort();
    int httpPort = Submissions.freePort();
    ingest = "http://127.0.0.1:" + httpPort;
    config = folder.resolve("tandem.yaml");
    Files.writeString(
        config,
        """
        kafka: { embedded: { port: %d, data-dir: %s }, partitions: 4 }
        ingest: { http: { port: %d } }
        console: { port: 0 }
        worker: { ehlo-name: localhost, drain-budget: 5s }
        servers:
          a: { host: 127.0.0.1, port: %d, tls: none }
          b: { host: 127.0.0.1, port: %d, tls: none }
        routes: { default: { primary: a, secondary: b, retry: { first: 2s, max: 5s, give-up-after: 1h } } }
        health: { probe-interval: 300ms, down-after-failures: 3, up-after-successes: 2, ramp: 1s, cool-down: 1s..5s }
        """
            .formatted(
                kafkaPort, folder.resolve("data"), httpPort, primary.port(), secondary.port()));
  }

  @AfterEach
  void stop() {
    primary.close();
    secondary.close();
  }

  @Test
  void everyIdArrivesThroughKillMinusNineWithNoMoreCopiesThanWereUnrecorded() throws Exception {
    List<String> ids = new ArrayList<>();
    try (TandemProcess first = standalone("first")) {
      try (KafkaProducer<byte[], byte[]> producer =
          Submissions.producer("127.0.0.1:" + kafkaPort)) {
        for (int i = 0; i < 1000; i++) {
          producer.send(Submissions.rfc822("kafka-" + i));
          ids.add("kafka-" + i);
        }
        for (int i = 0; i < 100; i++) {
          producer.send(Submissions.rfc822("kafka-" + i));
        }
        producer.flush();
      }
      for (int i = 0; i < 200; i++) {
        assertThat(Submissions.post(ingest, "http-" + i)).isEqualTo(202);
        ids.add("http-" + i);
      }
      await().atMost(ARRIVAL).until(() -> arrivals.distinct() >= 300);
      first.kill();
    }
    try (TandemProcess second = standalone("second")) {
      for (int i = 0; i < 50; i++) {
        assertThat(Submissions.post(ingest, "http-" + i)).isEqualTo(202);
      }
      arrivals.awaitAll(ids, ARRIVAL);
      assertThat(arrivals.duplicates())
          .as("at most what was unrecorded at the kill")
          .isLessThanOrEqualTo(256);
      await()
          .atMost(ARRIVAL)
          .untilAsserted(() ->
              assertThat(Submissions.get(ingest + "/v1/messages/http-7").body())
                  .contains("\"state\":\"delivered\"")
                  .contains("\"type\":\"delivered\""));
      assertThat(second.terminate()).isIn(0, 143);
    }
  }

  @Test
  void anOrderlyRestartMakesNoSecondCopy() throws Exception {
    List<String> ids = new ArrayList<>();
    for (int round = 0; round < 2; round++) {
      try (TandemProcess process = standalone("round-" + round);
          KafkaProducer<byte[], byte[]> producer = Submissions.producer("127.0.0.1:" + kafkaPort)) {
        for (int i = 0; i < 1500; i++) {
          String id = "r" + round + "-" + i;
          producer.send(Submissions.rfc822(id));
          ids.add(id);
        }
        producer.flush();
        process.terminate();
      }
    }
    try (TandemProcess last = standalone("last")) {
      arrivals.awaitAll(ids, ARRIVAL);
      assertThat(arrivals.duplicates()).isZero();
    }
  }

  @Test
  void whatWaitsForADeadPrimaryLeavesThroughTheSecondaryAndWithBothDeadItIsHeld() throws Exception {
    try (TandemProcess process = standalone("standalone")) {
      primary.stop();
      secondary.stop();
      List<String> ids = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        assertThat(Submissions.post(ingest, "held-" + i)).isEqualTo(202);
        ids.add("held-" + i);
      }
      assertThat(arrivals.distinct()).isZero();

      secondary.restart();
      arrivals.awaitAll(ids, ARRIVAL);
      assertThat(secondary.counts().accepted()).isEqualTo(300);

      primary.restart();
      await()
          .atMost(ARRIVAL)
          .until(() ->
              Submissions.post(ingest, "later-" + System.nanoTime()) == 202
                  && primary.counts().accepted() > 0);
    }
  }

  @Test
  void transientRepliesAreRetriedPermanentOnesBounceAndPoisonStopsNothing() throws Exception {
    try (TandemProcess process = standalone("standalone");
        KafkaProducer<byte[], byte[]> producer = Submissions.producer("127.0.0.1:" + kafkaPort)) {
      String both =
          Submissions.json("both")
              .replace(
                  "\"ann@example.net\"", "\"greylist-rcpt@example.net\",\"550-rcpt@example.net\"");
      producer.send(
          new ProducerRecord<>(
              "mail.submitted",
              "poison".getBytes(StandardCharsets.UTF_8),
              "[[[[".getBytes(StandardCharsets.UTF_8)));
      producer.send(
          new ProducerRecord<>(
              "mail.submitted",
              "both".getBytes(StandardCharsets.UTF_8),
              both.getBytes(StandardCharsets.UTF_8)));
      producer.flush();

      await()
          .atMost(ARRIVAL)
          .untilAsserted(() ->
              assertThat(Submissions.get(ingest + "/v1/messages/both").body())
                  .contains(
                      "\"state\":\"mixed\"",
                      "\"type\":\"bounced\"",
                      "\"type\":\"deferred\"",
                      "\"type\":\"delivered\""));
      assertThat(arrivals.copiesOf("both")).isEqualTo(1);
    }
  }

  @Test
  void kcatIsAProducerLikeAnyOther() throws Exception {
    Optional<Path> kcat = Tools.find("kcat");
    if (kcat.isEmpty()) {
      return;
    }
    try (TandemProcess process = standalone("standalone")) {
      List<String> ids = new ArrayList<>();
      StringBuilder lines = new StringBuilder();
      for (int i = 0; i < 500; i++) {
        ids.add("kcat-" + i);
        lines
            .append("kcat-")
            .append(i)
            .append('\t')
            .append(Submissions.json("kcat-" + i))
            .append('\n');
      }
      Path input = Files.writeString(folder.resolve("kcat.txt"), lines.toString());
      int exit =
          new ProcessBuilder(
                  kcat.get().toString(),
                  "-b",
                  "127.0.0.1:" + kafkaPort,
                  "-P",
                  "-t",
                  "mail.submitted",
                  "-K",
                  "\\t",
                  "-l",
                  input.toString())
              .inheritIO()
              .start()
              .waitFor();
      assertThat(exit).isZero();
      arrivals.awaitAll(ids, ARRIVAL);
      assertThat(arrivals.duplicates()).isZero();
    }
  }

  private TandemProcess standalone(String name) throws IOException {
    return TandemProcess.tandem(folder, name, "standalone", "--config", config.toString())
        .awaitOutput("tandem is ready", START);
  }
}
