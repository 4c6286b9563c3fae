package io.tandemmail.router.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.model.outcome.Outcome;
import io.tandemmail.model.outcome.OutcomeJson;
import io.tandemmail.model.outcome.OutcomeType;
import io.tandemmail.model.settings.Settings;
import io.tandemmail.model.settings.SettingsReader;
import io.tandemmail.model.settings.SettingsResult;
import io.tandemmail.model.submission.FactsCodec;
import io.tandemmail.model.submission.MessageFacts;
import io.tandemmail.model.submission.ReturnReason;
import io.tandemmail.model.suppression.Suppression;
import io.tandemmail.model.suppression.Suppression.Source;
import io.tandemmail.model.suppression.SuppressionJson;
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

class SuppressionTopologyTest {
  private static final Instant START = Instant.parse("2026-11-24T10:00:00Z");
  private static final String MESSAGE =
      "{\"from\":\"a@example.com\",\"to\":[\"Ann@example.net\",\"bob@example.net\"],\"subject\":\"x\"}";

  @TempDir Path stateDir;
  private TopologyTestDriver driver;

  @BeforeEach
  void start() {
    driver = RouterDriver.start(Live.of(settings()), stateDir, START);
  }

  @AfterEach
  void stop() {
    driver.close();
  }

  @Test
  void aSuppressedRecipientGetsNothingAndTheOtherHisMail() {
    suppress("ann@example.net");
    submit("m1");

    TestRecord<String, byte[]> routed = lane().readRecord();
    assertThat(facts(routed).envelope().forwardPaths()).containsExactly("bob@example.net");
    assertThat(outcomes().getLast())
        .returns(OutcomeType.SUPPRESSED, Outcome::type)
        .returns("Ann@example.net", Outcome::recipient)
        .returns(Optional.of("operator: by hand"), Outcome::reason);
  }

  @Test
  void withEveryRecipientSuppressedNothingReachesALaneAndTheCountsAddUp() {
    suppress("ann@example.net");
    suppress("bob@example.net");
    submit("m1");

    assertThat(lane().isEmpty()).isTrue();
    driver.advanceWallClockTime(Duration.ofSeconds(2));
    String counts =
        new String(
            output(Topics.ROUTE_COUNTS).readRecordsToList().getLast().value(),
            StandardCharsets.UTF_8);
    assertThat(counts).contains("\"accepted\":1,\"delivered\":0,\"failed\":1,\"scheduled\":0");
  }

  @Test
  void aTombstoneGivesTheAddressItsMailBack() {
    suppress("ann@example.net");
    input(Topics.SUPPRESSIONS).pipeInput("ann@example.net", (byte[]) null);
    submit("m1");

    assertThat(facts(lane().readRecord()).envelope().forwardPaths()).hasSize(2);
  }

  @Test
  void garbageOnTheListStopsNobodyElsesMail() {
    input(Topics.SUPPRESSIONS).pipeInput("ann@example.net", bytes("\u0000garbage"));
    input(Topics.SUPPRESSIONS).pipeInput((String) null, bytes("x"));
    submit("m1");

    assertThat(facts(lane().readRecord()).envelope().forwardPaths())
        .containsExactly("bob@example.net");
  }

  @Test
  void whatExpiresIsReportedToItsSenderOncePerRecipient() {
    submit("m1");
    MessageFacts facts = facts(lane().readRecord()).withAttempt(1);
    TestRecord<String, byte[]> expired =
        new TestRecord<>(
            "m1",
            bytes(MESSAGE),
            KafkaHeaders.to(FactsCodec.writeReturn(facts, ReturnReason.EXPIRED, Optional.empty())));

    input(Topics.RETURNED).pipeInput(expired);
    input(Topics.RETURNED).pipeInput(expired);

    List<TestRecord<String, byte[]>> reports = output(Topics.SUBMITTED).readRecordsToList();
    assertThat(reports).hasSize(2).allMatch(report -> report.key().startsWith("dsn-"));
    assertThat(reports)
        .extracting(
            report -> KafkaHeaders.from(report.headers()).last(HeaderNames.RCPT_TO).orElse(""))
        .containsOnly("a@example.com");

    List<TestRecord<String, byte[]>> routed = lane().readRecordsToList();
    assertThat(routed)
        .hasSize(2)
        .allMatch(record -> facts(record).envelope().reversePath().isEmpty());
  }

  private void suppress(String address) {
    Suppression entry =
        new Suppression(address, "by hand", Source.OPERATOR, START, Optional.empty());
    input(Topics.SUPPRESSIONS).pipeInput(Suppression.key(address), SuppressionJson.write(entry));
  }

  private void submit(String id) {
    input(Topics.SUBMITTED).pipeInput(id, bytes(MESSAGE));
  }

  private static MessageFacts facts(TestRecord<String, byte[]> record) {
    return FactsCodec.facts(KafkaHeaders.from(record.headers()));
  }

  private List<Outcome> outcomes() {
    return output(Topics.OUTCOMES).readValuesToList().stream()
        .map(value -> OutcomeJson.read(value).orElseThrow())
        .toList();
  }

  private TestOutputTopic<String, byte[]> lane() {
    return output(Topics.lane("default", "a"));
  }

  private TestOutputTopic<String, byte[]> output(String topic) {
    return driver.createOutputTopic(topic, new StringDeserializer(), new ByteArrayDeserializer());
  }

  private TestInputTopic<String, byte[]> input(String topic) {
    return driver.createInputTopic(
        topic, new StringSerializer(), new ByteArraySerializer(), START, Duration.ZERO);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Settings settings() {
    String yaml =
        """
        kafka: { bootstrap-servers: "unused:9092", partitions: 1, replication-factor: 1 }
        servers: { a: { host: localhost } }
        routes: { default: { primary: a, dsn: failures } }
        """;
    return ((SettingsResult.Valid) SettingsReader.read("test", yaml, Map.of())).settings();
  }
}
