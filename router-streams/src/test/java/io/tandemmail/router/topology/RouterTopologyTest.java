package io.tandemmail.router.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.model.outcome.Outcome;
import io.tandemmail.model.outcome.OutcomeJson;
import io.tandemmail.model.outcome.OutcomeType;
import io.tandemmail.model.server.ServerHealth;
import io.tandemmail.model.server.ServerJson;
import io.tandemmail.model.server.ServerMode;
import io.tandemmail.model.server.ServerObservation;
import io.tandemmail.model.server.ServerState;
import io.tandemmail.model.settings.Settings;
import io.tandemmail.model.settings.SettingsReader;
import io.tandemmail.model.settings.SettingsResult;
import io.tandemmail.model.submission.FactsCodec;
import io.tandemmail.model.submission.LastAttempt;
import io.tandemmail.model.submission.MessageFacts;
import io.tandemmail.model.submission.ReturnReason;
import io.tandemmail.model.wire.HeaderNames;
import io.tandemmail.model.wire.Topics;
import io.tandemmail.runtime.config.Live;
import io.tandemmail.runtime.kafka.KafkaHeaders;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RouterTopologyTest {
  private static final String ROUTE = "default: { primary: a, secondary: b }";
  private static final Instant START = Instant.parse("2026-11-24T10:00:00Z");
  private static final String MESSAGE =
      "{\"from\":\"a@example.com\",\"to\":[\"ann@example.net\"],\"subject\":\"x\"}";

  private final Live<Settings> configuration = Live.of(settings(ROUTE));
  @TempDir Path stateDir;
  private TopologyTestDriver driver;
  private TestInputTopic<String, byte[]> submitted;
  private TestInputTopic<String, byte[]> returned;
  private TestInputTopic<String, byte[]> observations;

  @BeforeEach
  void start() {
    driver = RouterDriver.start(configuration, stateDir, START);
    submitted = input(Topics.SUBMITTED);
    returned = input(Topics.RETURNED);
    observations = input(Topics.SERVER_OBSERVATIONS);
  }

  @AfterEach
  void stop() {
    driver.close();
  }

  @Test
  void aSubmissionReachesThePrimarysLaneWithItsBytesUntouchedAndItsEnvelopeInHeaders() {
    submitted.pipeInput("m1", bytes(MESSAGE));

    TestRecord<String, byte[]> routed = lane("a").readRecord();
    assertThat(routed.key()).isEqualTo("m1");
    assertThat(routed.value()).isEqualTo(bytes(MESSAGE));
    MessageFacts facts = FactsCodec.facts(KafkaHeaders.from(routed.headers()));
    assertThat(facts.envelope().forwardPaths()).containsExactly("ann@example.net");
    assertThat(outcomes()).extracting(Outcome::type).containsExactly(OutcomeType.ACCEPTED);
  }

  @Test
  void theSameIdTwiceIsDeliveredOnce() {
    submitted.pipeInput("m1", bytes(MESSAGE));
    submitted.pipeInput("m1", bytes(MESSAGE));

    assertThat(lane("a").readRecordsToList()).hasSize(1);
    assertThat(outcomes())
        .extracting(Outcome::type)
        .containsExactly(OutcomeType.ACCEPTED, OutcomeType.DUPLICATE);
  }

  @Test
  void poisonIsKeptWithItsBytesAndAReasonAndStopsNothing() {
    submitted.pipeInput("bad", bytes("{not json"));
    submitted.pipeInput("null", (byte[]) null);
    submitted.pipeInput(
        new TestRecord<>(
            null, bytes("\u0000\u0001"), new RecordHeaders().add("content-type", null)));
    submitted.pipeInput("m1", bytes(MESSAGE));

    List<TestRecord<String, byte[]>> rejected = output(Topics.REJECTED).readRecordsToList();
    assertThat(rejected).hasSize(3);
    assertThat(rejected.getFirst().value()).isEqualTo(bytes("{not json"));
    assertThat(header(rejected.getFirst().headers(), HeaderNames.REASON))
        .contains("not well-formed JSON");
    assertThat(lane("a").readRecordsToList()).hasSize(1);
  }

  @Test
  void aNewConfigurationCountsFromTheNextMessageOn() {
    submitted.pipeInput("m1", bytes(MESSAGE));
    configuration.set(settings("default: { primary: b }, bulk: { primary: a }"));
    submitted.pipeInput("m2", bytes(MESSAGE));
    submitted.pipeInput("m3", bytes(MESSAGE.replace("{", "{\"route\":\"bulk\",")));

    assertThat(lane("a").readRecordsToList()).extracting(TestRecord::key).containsExactly("m1");
    assertThat(lane("b").readRecordsToList()).extracting(TestRecord::key).containsExactly("m2");
    assertThat(output(Topics.lane("bulk", "a")).readRecordsToList()).hasSize(1);
  }

  @Test
  void mailAcceptedForARouteThatIsTakenOutWaitsUntilItIsBack() {
    configuration.set(settings("other: { primary: b }"));
    submitted.pipeInput("m1", bytes(MESSAGE));
    driver.advanceWallClockTime(Duration.ofMinutes(2));
    assertThat(output(Topics.REJECTED).isEmpty()).isTrue();

    configuration.set(settings(ROUTE));
    driver.advanceWallClockTime(Duration.ofMinutes(2));
    assertThat(lane("a").readRecordsToList()).extracting(TestRecord::key).containsExactly("m1");
  }

  @Test
  void aServerSeenFailingIsDownAndItsMailGoesToTheSecondary() {
    fail("a", 3);

    ServerHealth health =
        ServerJson.readHealth(output(Topics.SERVER_HEALTH).readValue()).orElseThrow();
    assertThat(health.state()).isEqualTo(ServerState.DOWN);
    submitted.pipeInput("m1", bytes(MESSAGE));
    assertThat(lane("b").readRecordsToList()).hasSize(1);
    assertThat(lane("a").isEmpty()).isTrue();
  }

  @Test
  void everyChangeOfHealthStaysInTheHistory() {
    fail("a", 3);
    fail("b", 3);

    List<TestRecord<String, byte[]>> history =
        output(Topics.SERVER_HEALTH_HISTORY).readRecordsToList();
    assertThat(history)
        .extracting(record -> new String(record.value(), StandardCharsets.UTF_8))
        .containsExactlyElementsOf(
            output(Topics.SERVER_HEALTH).readRecordsToList().stream()
                .map(record -> new String(record.value(), StandardCharsets.UTF_8))
                .toList())
        .hasSize(2);
    assertThat(history).extracting(TestRecord::key).containsExactly("a", "b");
  }

  @Test
  void garbageOnTheHealthTopicBlindsNobody() {
    TestInputTopic<String, byte[]> health = input(Topics.SERVER_HEALTH);
    health.pipeInput(
        "a",
        ServerJson.write(
            new ServerHealth("a", ServerState.DOWN, 0, 4, START, "", ServerMode.AUTO)));
    health.pipeInput("b", bytes("\u0000garbage"));
    observations.pipeInput("a", bytes("garbage"));

    submitted.pipeInput("m1", bytes(MESSAGE));

    assertThat(lane("b").readRecordsToList()).hasSize(1);
  }

  @Test
  void deferredMailWaitsForItsTimeAndSurvivesWithItsBytes() {
    submitted.pipeInput("m1", bytes(MESSAGE));
    MessageFacts facts =
        FactsCodec.facts(KafkaHeaders.from(lane("a").readRecord().headers())).withAttempt(1);

    giveBack(facts, ReturnReason.DEFERRED, Optional.of(START.plusSeconds(60)));
    driver.advanceWallClockTime(Duration.ofSeconds(59));
    assertThat(lane("a").isEmpty()).isTrue();

    driver.advanceWallClockTime(Duration.ofSeconds(2));
    TestRecord<String, byte[]> again = lane("a").readRecord();
    assertThat(again.value()).isEqualTo(bytes(MESSAGE));
    assertThat(FactsCodec.facts(KafkaHeaders.from(again.headers())).attempt()).isEqualTo(1);
  }

  @Test
  void recipientsThatTravelApartWaitApartAlsoForTheSameMoment() {
    submitted.pipeInput(
        "m1", bytes(MESSAGE.replace("[", "[\"bob@example.net\",\"cy@example.net\",")));
    MessageFacts facts = FactsCodec.facts(KafkaHeaders.from(lane("a").readRecord().headers()));

    for (String recipient : facts.envelope().forwardPaths()) {
      MessageFacts one =
          facts.withAttempt(1).withEnvelope(facts.envelope().withForwardPaths(List.of(recipient)));
      giveBack(one, ReturnReason.DEFERRED, Optional.of(START.plusSeconds(60)));
    }
    driver.advanceWallClockTime(Duration.ofSeconds(61));

    assertThat(lane("a").readRecordsToList())
        .extracting(
            again -> FactsCodec.facts(KafkaHeaders.from(again.headers())).envelope().forwardPaths())
        .containsExactlyInAnyOrder(
            List.of("bob@example.net"), List.of("cy@example.net"), List.of("ann@example.net"));
  }

  @Test
  void whatAServerFailedToTakeWaitsForItsTimeAndThenGoesToTheOther() {
    submitted.pipeInput("m1", bytes(MESSAGE));
    MessageFacts facts =
        FactsCodec.facts(KafkaHeaders.from(lane("a").readRecord().headers())).withAttempt(1);

    returned.pipeInput(
        new TestRecord<>(
            "m1",
            bytes(MESSAGE),
            KafkaHeaders.to(
                FactsCodec.writeReturn(
                    facts,
                    ReturnReason.DEFERRED,
                    Optional.of(START.plusSeconds(60)),
                    LastAttempt.avoiding(Optional.of("a"))))));
    driver.advanceWallClockTime(Duration.ofSeconds(61));

    TestRecord<String, byte[]> again = lane("b").readRecord();
    assertThat(again.value()).isEqualTo(bytes(MESSAGE));
    assertThat(again.headers().lastHeader(HeaderNames.AVOID)).isNull();
    assertThat(lane("a").isEmpty()).isTrue();
  }

  @Test
  void whatAServerFailedToTakeGoesToItAgainWhenTheOtherIsDown() {
    submitted.pipeInput("m1", bytes(MESSAGE));
    MessageFacts facts =
        FactsCodec.facts(KafkaHeaders.from(lane("a").readRecord().headers())).withAttempt(1);
    fail("b", 3);

    returned.pipeInput(
        new TestRecord<>(
            "m1",
            bytes(MESSAGE),
            KafkaHeaders.to(
                FactsCodec.writeReturn(
                    facts,
                    ReturnReason.DEFERRED,
                    Optional.empty(),
                    LastAttempt.avoiding(Optional.of("a"))))));

    assertThat(lane("a").readRecordsToList()).hasSize(1);
  }

  @Test
  void whatOnlyTheRouterMaySayIsTakenOffAClientsRecord() {
    submitted.pipeInput(
        new TestRecord<>(
            "bad", bytes("{not json"), new RecordHeaders().add(HeaderNames.AVOID, bytes("a"))));

    assertThat(output(Topics.REJECTED).readRecord().headers().lastHeader(HeaderNames.AVOID))
        .isNull();
  }

  @Test
  void mailGivenBackByADeadServersWorkerGoesToTheSecondaryAtOnce() {
    submitted.pipeInput("m1", bytes(MESSAGE));
    MessageFacts facts = FactsCodec.facts(KafkaHeaders.from(lane("a").readRecord().headers()));
    fail("a", 3);

    giveBack(facts.withHops(1), ReturnReason.REROUTED, Optional.empty());
    giveBack(facts.withHops(1), ReturnReason.REROUTED, Optional.empty());

    assertThat(lane("b").readRecordsToList()).hasSize(1);
  }

  @Test
  void aReturnWithoutReadableHeadersIsKept() {
    returned.pipeInput(
        new TestRecord<>(
            "m1", bytes("x"), new RecordHeaders().add(HeaderNames.REASON, bytes("deferred"))));

    assertThat(output(Topics.REJECTED).readRecordsToList()).hasSize(1);
  }

  @Test
  void theCountsAddUp() {
    submitted.pipeInput("m1", bytes(MESSAGE));
    submitted.pipeInput("m2", bytes(MESSAGE.replace("{", "{\"sendAt\":\"2026-12-01T08:00:00Z\",")));
    input(Topics.OUTCOMES)
        .pipeInput(
            "m1",
            OutcomeJson.write(
                new Outcome(
                    "m1",
                    "default",
                    "ann@example.net",
                    OutcomeType.DELIVERED,
                    1,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    START,
                    START,
                    Optional.empty())));
    driver.advanceWallClockTime(Duration.ofSeconds(2));

    String counts =
        new String(
            output(Topics.ROUTE_COUNTS).readRecordsToList().getLast().value(),
            StandardCharsets.UTF_8);
    assertThat(counts).contains("\"accepted\":2,\"delivered\":1,\"failed\":0,\"scheduled\":1");
  }

  private void fail(String server, int inARow) {
    ServerObservation seen =
        new ServerObservation(
            server, "w1", START, ServerObservation.Kind.PASSIVE, 0, inARow, inARow, "refused");
    observations.pipeInput(server, ServerJson.write(seen));
  }

  private void giveBack(MessageFacts facts, ReturnReason reason, Optional<Instant> notBefore) {
    Headers headers = KafkaHeaders.to(FactsCodec.writeReturn(facts, reason, notBefore));
    returned.pipeInput(new TestRecord<>(facts.id(), bytes(MESSAGE), headers));
  }

  private List<Outcome> outcomes() {
    return output(Topics.OUTCOMES).readValuesToList().stream()
        .map(value -> OutcomeJson.read(value).orElseThrow())
        .toList();
  }

  private TestOutputTopic<String, byte[]> lane(String server) {
    return output(Topics.lane("default", server));
  }

  private TestOutputTopic<String, byte[]> output(String topic) {
    return driver.createOutputTopic(topic, new StringDeserializer(), new ByteArrayDeserializer());
  }

  private TestInputTopic<String, byte[]> input(String topic) {
    return driver.createInputTopic(
        topic, new StringSerializer(), new ByteArraySerializer(), START, Duration.ZERO);
  }

  private static String header(Headers headers, String name) {
    return new String(headers.lastHeader(name).value(), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Settings settings(String routes) {
    String yaml =
        """
        kafka: { bootstrap-servers: "unused:9092", partitions: 1, replication-factor: 1 }
        servers: { a: { host: localhost }, b: { host: localhost } }
        routes: { %s }
        health: { down-after-failures: 3 }
        """
            .formatted(routes);
    return ((SettingsResult.Valid) SettingsReader.read("test", yaml, Map.of())).settings();
  }
}
