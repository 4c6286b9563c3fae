package io.tandemmail.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tandemmail.model.outcome.Outcome;
import io.tandemmail.model.outcome.OutcomeJson;
import io.tandemmail.model.outcome.OutcomeType;
import io.tandemmail.model.wire.Topics;
import io.tandemmail.runtime.kafka.TopicScan;
import io.tandemmail.sink.MailSink;
import io.tandemmail.sink.ReceivedMessage;
import io.tandemmail.sink.SinkConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A disk after a power loss: {@code mail.submitted} as young as what was answered, every other file from an earlier moment.
 * The process is killed and the older files are put back, with the mark of another boot.
 */
class PowerLossIT {
  private static final Duration START = Duration.ofSeconds(120);
  private static final Duration WAIT = Duration.ofSeconds(90);
  private static final int PARTITIONS = 4;
  private static final String RECONCILED = "reconciled: of ";

  @TempDir Path folder;

  /** By key and recipient, when each copy came. */
  private final Map<String, List<Instant>> copies = new ConcurrentHashMap<>();

  private MailSink primary;
  private MailSink secondary;
  private int kafkaPort;
  private Path data;
  private Path config;

  @BeforeEach
  void prepare() throws IOException {
    primary = MailSink.start(SinkConfig.named("primary"), this::arrived);
    secondary = MailSink.start(SinkConfig.named("secondary"), this::arrived);
    kafkaPort = Submissions.freePort();
    data = folder.resolve("data");
    config = folder.resolve("tandem.yaml");
    Files.writeString(
        config,
        """
        kafka: { embedded: { port: %d, data-dir: %s }, partitions: %d }
        ingest: { http: { port: 0 } }
        console: { port: 0 }
        worker: { ehlo-name: localhost, drain-budget: 5s }
        servers:
          a: { host: 127.0.0.1, port: %d, tls: none }
          b: { host: 127.0.0.1, port: %d, tls: none }
        routes:
          default: { primary: a, secondary: b, retry: { first: 1s, max: 2s, give-up-after: 1h } }
          patient: { primary: a, secondary: b, retry: { first: 10m, max: 10m, give-up-after: 1h } }
        health: { probe-interval: 300ms, down-after-failures: 3, up-after-successes: 2, ramp: 1s, cool-down: 1s..5s }
        """
            .formatted(kafkaPort, data, PARTITIONS, primary.port(), secondary.port()));
  }

  @AfterEach
  void stop() {
    primary.close();
    secondary.close();
  }

  /**
   * @param apart the outcomes are younger than the lanes, whose offsets they name
   */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void withOlderFilesEveryAcceptedMessageArrivesAndWhatHadEndedOnThemIsNotSentAgain(boolean apart)
      throws Exception {
    Path older = folder.resolve("older");
    Path oldest = folder.resolve("oldest");
    Instant sendAt = Instant.now().plusSeconds(60);
    Set<String> accepted = new TreeSet<>();
    Set<String> endedOnDisk;
    try (TandemProcess first = standalone("first")) {
      DataFolder.copy(data, oldest);
      try (KafkaProducer<byte[], byte[]> producer = producer()) {
        submit(producer, ids("early", 300), "", accepted);
        submit(producer, ids("early", 20), "", accepted);
        submitPartial(producer, accepted);
        submit(producer, List.of("scheduled"), ",\"sendAt\":\"" + sendAt + "\"", accepted);
        producer.send(new ProducerRecord<>(Topics.SUBMITTED, bytes("poison"), bytes("[[[[")));
        producer.flush();
        awaitFinal(ids("early", 300), "ann@example.net");
        awaitFinal(List.of("partial"), "ann@example.net");
        awaitFinal(List.of("poison"), "");
        awaitOutcome("partial", "greylist@example.net", OutcomeType.DEFERRED);
        endedOnDisk = finals().keySet();
        DataFolder.copy(data, older);

        submit(producer, ids("late", 200), "", accepted);
        awaitFinal(ids("late", 200), "ann@example.net");
        primary.stop();
        secondary.stop();
        submit(producer, ids("waiting", 100), "", accepted);
      }
      first.kill();
    }
    if (apart) {
      DataFolder.putBack(oldest, older, path -> isOf(Topics.OUTCOMES, path));
    }
    losePower(older);
    primary.restart();
    secondary.restart();
    Map<String, Integer> before = counts();

    try (TandemProcess second = standalone("second")) {
      assertThat(second.output()).contains(RECONCILED);
      awaitArrivals(accepted);
      awaitNothingOpen(second, accepted.size());

      Map<String, Integer> after = counts();
      assertThat(endedOnDisk)
          .hasSizeGreaterThan(300)
          .filteredOn(after::containsKey)
          .allSatisfy(key -> assertThat(after.get(key)).as(key).isEqualTo(1));
      assertThat(before).containsKey("partial ann@example.net");
      assertThat(after)
          .containsEntry("partial ann@example.net", 1)
          .containsEntry("partial greylist@example.net", 1);
      assertThat(copies.get("scheduled ann@example.net"))
          .singleElement()
          .satisfies(at -> assertThat(at).isAfterOrEqualTo(sendAt));
      assertThat(finals()).allSatisfy((key, count) -> assertThat(count).as(key).isEqualTo(1));
      assertThatAnIdOfBeforeIsADuplicate(second, "early-7");
    }
  }

  @Test
  void withTheFilesOfTheFirstStartEveryAcceptedMessageArrives() throws Exception {
    Path older = folder.resolve("older");
    Set<String> accepted = new TreeSet<>();
    try (TandemProcess first = standalone("first")) {
      DataFolder.copy(data, older);
      try (KafkaProducer<byte[], byte[]> producer = producer()) {
        submit(producer, ids("all", 200), "", accepted);
        awaitFinal(ids("all", 200), "ann@example.net");
      }
      first.kill();
    }
    losePower(older);
    copies.clear();

    try (TandemProcess second = standalone("second")) {
      assertThat(second.output()).contains(RECONCILED);
      awaitArrivals(accepted);
      awaitNothingOpen(second, accepted.size());
      assertThat(counts()).allSatisfy((key, count) -> assertThat(count).as(key).isEqualTo(1));
      second.terminate();
    }
    try (TandemProcess third = standalone("third")) {
      awaitNothingOpen(third, accepted.size());
      assertThat(third.output()).doesNotContain(RECONCILED);
      assertThat(counts()).allSatisfy((key, count) -> assertThat(count).as(key).isEqualTo(1));
    }
  }

  @Test
  void afterAPlainKillNothingIsReconciledAndNothingRepeated() throws Exception {
    Set<String> accepted = new TreeSet<>();
    try (TandemProcess first = standalone("first")) {
      try (KafkaProducer<byte[], byte[]> producer = producer()) {
        submit(producer, ids("done", 200), "", accepted);
        awaitFinal(ids("done", 200), "ann@example.net");
        primary.stop();
        secondary.stop();
        submit(producer, ids("waiting", 50), "", accepted);
      }
      first.kill();
    }
    primary.restart();
    secondary.restart();

    try (TandemProcess second = standalone("second")) {
      awaitArrivals(accepted);
      awaitNothingOpen(second, accepted.size());
      assertThat(second.output())
          // Or, where the broker cannot end what was open, more than that: see Cluster.
          .contains("the last process was killed");
      assertThat(counts()).allSatisfy((key, count) -> assertThat(count).as(key).isEqualTo(1));
    }
  }

  private void losePower(Path older) throws IOException {
    DataFolder.putBack(older, data, path -> isOf(Topics.SUBMITTED, path));
    Files.writeString(data.resolve("running"), "another-boot\n");
  }

  private static boolean isOf(String topic, Path path) {
    return path.getFileName().toString().startsWith(topic + "-");
  }

  private void assertThatAnIdOfBeforeIsADuplicate(TandemProcess process, String id)
      throws Exception {
    try (KafkaProducer<byte[], byte[]> producer = producer()) {
      submit(producer, List.of(id), "", new HashSet<>());
    }
    awaitOutcome(id, "ann@example.net", OutcomeType.DUPLICATE);
    assertThat(counts()).containsEntry(id + " ann@example.net", 1);
  }

  private void arrived(ReceivedMessage message) {
    for (String recipient : message.recipients()) {
      copies
          .computeIfAbsent(
              message.key() + " " + recipient,
              key -> Collections.synchronizedList(new ArrayList<>()))
          .add(message.at());
    }
  }

  private Map<String, Integer> counts() {
    Map<String, Integer> counts = new TreeMap<>();
    copies.forEach((key, all) -> counts.put(key, all.size()));
    return counts;
  }

  private void awaitArrivals(Set<String> keys) {
    await("every accepted message")
        .atMost(WAIT)
        .untilAsserted(() -> {
          Set<String> missing = new TreeSet<>(keys);
          copies.keySet().forEach(key -> missing.remove(key.substring(0, key.indexOf(' '))));
          assertThat(missing).isEmpty();
        });
  }

  private void awaitNothingOpen(TandemProcess process, int messages) throws IOException {
    String output = process.output();
    String console =
        output.substring(output.indexOf("console at ") + "console at ".length()).strip();
    String url = console.lines().findFirst().orElseThrow() + "/v1/routes";
    await("accepted = final")
        .atMost(WAIT)
        .pollInterval(Duration.ofMillis(500))
        .untilAsserted(() -> {
          String routes = Submissions.get(url).body();
          assertThat(sum(routes, "accepted")).as(routes).isEqualTo(messages);
          assertThat(sum(routes, "delivered")).as(routes).isEqualTo(messages);
          assertThat(sum(routes, "waiting")).as(routes).isZero();
          assertThat(sum(routes, "unaccounted")).as(routes).isZero();
        });
  }

  private static long sum(String routes, String field) {
    return Pattern.compile("\"" + field + "\":(-?\\d+)")
        .matcher(routes)
        .results()
        .mapToLong(found -> Long.parseLong(found.group(1)))
        .sum();
  }

  private static List<String> ids(String prefix, int count) {
    return IntStream.range(0, count).mapToObj(i -> prefix + "-" + i).toList();
  }

  /** Every third one at whatever partition, as clients do that hash differently. */
  private void submit(
      KafkaProducer<byte[], byte[]> producer, List<String> ids, String more, Set<String> accepted)
      throws Exception {
    var sent = new ArrayList<Future<?>>();
    for (int i = 0; i < ids.size(); i++) {
      String json = Submissions.json(ids.get(i)).replaceAll("}$", more + "}");
      Integer partition = i % 3 == 0 ? Integer.valueOf(i % PARTITIONS) : null;
      sent.add(
          producer.send(
              new ProducerRecord<>(Topics.SUBMITTED, partition, bytes(ids.get(i)), bytes(json))));
    }
    producer.flush();
    for (var each : sent) {
      each.get();
    }
    accepted.addAll(ids);
  }

  /** One recipient is delivered, the other greylisted, with its next try far away. */
  private void submitPartial(KafkaProducer<byte[], byte[]> producer, Set<String> accepted)
      throws Exception {
    String json =
        Submissions.json("partial")
            .replace("\"ann@example.net\"", "\"ann@example.net\",\"greylist@example.net\"")
            .replaceAll("}$", ",\"route\":\"patient\"}");
    producer.send(new ProducerRecord<>(Topics.SUBMITTED, bytes("partial"), bytes(json))).get();
    accepted.add("partial");
  }

  private void awaitFinal(List<String> ids, String recipient) {
    Set<String> wanted = ids.stream().map(id -> id + " " + recipient).collect(Collectors.toSet());
    await("final outcomes").atMost(WAIT).until(() -> finals().keySet().containsAll(wanted));
  }

  private void awaitOutcome(String id, String recipient, OutcomeType type) {
    await(id + " " + type)
        .atMost(WAIT)
        .until(() ->
            outcomes().stream()
                .anyMatch(seen ->
                    seen.id().equals(id)
                        && seen.recipient().equals(recipient)
                        && seen.type() == type));
  }

  /** How many final outcomes each recipient of each message has. */
  private Map<String, Integer> finals() {
    Map<String, Integer> finals = new TreeMap<>();
    for (Outcome outcome : outcomes()) {
      if (outcome.type().isFinal()) {
        finals.merge(outcome.id() + " " + outcome.recipient(), 1, Integer::sum);
      }
    }
    return finals;
  }

  private List<Outcome> outcomes() {
    List<Outcome> outcomes = new ArrayList<>();
    TopicScan.since(
        Submissions.kafka("127.0.0.1:" + kafkaPort, PARTITIONS),
        "test-outcomes",
        Topics.OUTCOMES,
        Instant.EPOCH,
        record -> OutcomeJson.read(record.value()).ifPresent(outcomes::add));
    return outcomes;
  }

  private KafkaProducer<byte[], byte[]> producer() {
    return Submissions.producer("127.0.0.1:" + kafkaPort);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private TandemProcess standalone(String name) throws IOException {
    return TandemProcess.tandem(folder, name, "standalone", "--config", config.toString())
        .awaitOutput("tandem is ready", START);
  }
}
