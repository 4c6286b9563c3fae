package io.tandemmail.router.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.model.doubt.Resolution;
import io.tandemmail.model.doubt.Resolution.As;
import io.tandemmail.model.outcome.Outcome;
import io.tandemmail.model.outcome.OutcomeJson;
import io.tandemmail.model.outcome.OutcomeType;
import io.tandemmail.model.settings.Settings;
import io.tandemmail.model.settings.SettingsReader;
import io.tandemmail.model.settings.SettingsResult;
import io.tandemmail.model.submission.FactsCodec;
import io.tandemmail.model.submission.LastAttempt;
import io.tandemmail.model.submission.LastAttempt.Doubt;
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
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mail held in doubt in the router's schedule, and what an operator's word makes of it there. */
class InDoubtTopologyTest {
  private static final Instant START = Instant.parse("2026-11-24T10:00:00Z");
  private static final String ANN = "ann@example.net";
  private static final String BOB = "bob@example.net";
  private static final byte[] MESSAGE =
      "{\"from\":\"a@example.com\",\"to\":[\"ann@example.net\",\"bob@example.net\"],\"subject\":\"x\"}"
          .getBytes(StandardCharsets.UTF_8);

  @TempDir Path stateDir;
  private TopologyTestDriver driver;
  private MessageFacts facts;

  @BeforeEach
  void bothInDoubt() {
    driver = RouterDriver.start(Live.of(settings()), stateDir, START);
    pipe(Topics.SUBMITTED, new TestRecord<>("m1", MESSAGE));
    facts = FactsCodec.facts(KafkaHeaders.from(lane().readRecord().headers())).withAttempt(1);
    giveBack(ANN);
    giveBack(BOB);
    driver.advanceWallClockTime(Duration.ofHours(50));
    assertThat(lane().isEmpty()).isTrue();
    assertThat(types()).endsWith(OutcomeType.HELD, OutcomeType.HELD);
  }

  @AfterEach
  void stop() {
    driver.close();
  }

  /** Two entries for the same millisecond: each is found. */
  @Test
  void heldMailIsCountedAsScheduledUntilItIsResolved() {
    assertThat(counts()).contains("\"scheduled\":2");

    resolve(As.DELIVERED, List.of(BOB));
    assertThat(types()).containsExactly(OutcomeType.RESOLVED, OutcomeType.DELIVERED);
    assertThat(counts()).contains("\"scheduled\":1");

    resolve(As.FAILED, List.of());
    assertThat(types()).containsExactly(OutcomeType.RESOLVED, OutcomeType.BOUNCED);
    assertThat(counts()).contains("\"scheduled\":0");
  }

  @Test
  void resendReachesTheLaneWithTheBytesAndTheSecondWordFindsNothing() {
    resolve(As.RESEND, List.of(ANN));
    resolve(As.RESEND, List.of(ANN));

    TestRecord<String, byte[]> again = lane().readRecord();
    assertThat(again.value()).isEqualTo(MESSAGE);
    assertThat(FactsCodec.facts(KafkaHeaders.from(again.headers())).envelope().forwardPaths())
        .containsExactly(ANN);
    assertThat(lane().isEmpty()).isTrue();
  }

  @Test
  void whatNobodyResolvesExpires() {
    driver.advanceWallClockTime(Duration.ofHours(47));

    assertThat(types()).containsExactly(OutcomeType.EXPIRED, OutcomeType.EXPIRED);
    assertThat(counts()).contains("\"scheduled\":0");
  }

  @Test
  void aResolutionThatCannotBeReadIsKeptWithAReason() {
    pipe(
        Topics.RETURNED,
        new TestRecord<>(
            "m1",
            new byte[0],
            KafkaHeaders.to(
                FactsCodec.writeReturn(facts, ReturnReason.RESOLVED, Optional.empty()))));

    assertThat(output(Topics.REJECTED).readRecord().headers().lastHeader(HeaderNames.REASON))
        .isNotNull();
    assertThat(types()).isEmpty();
  }

  @Test
  void whatIsQuarantinedGoesToTheRejectedWithItsBytes() {
    pipe(
        Topics.RETURNED,
        new TestRecord<>(
            "m1",
            MESSAGE,
            KafkaHeaders.to(
                FactsCodec.writeReturn(
                    facts.withHops(1), ReturnReason.QUARANTINED, Optional.empty()))));

    assertThat(output(Topics.REJECTED).readRecord().value()).isEqualTo(MESSAGE);
    assertThat(types()).containsExactly(OutcomeType.REJECTED, OutcomeType.REJECTED);
  }

  private void giveBack(String recipient) {
    MessageFacts one = facts.withEnvelope(facts.envelope().withForwardPaths(List.of(recipient)));
    LastAttempt last =
        new LastAttempt(Optional.empty(), Optional.of(new Doubt("a", List.of(recipient))));
    pipe(
        Topics.RETURNED,
        new TestRecord<>(
            "m1",
            MESSAGE,
            KafkaHeaders.to(
                FactsCodec.writeReturn(one, ReturnReason.DEFERRED, Optional.empty(), last))));
  }

  private void resolve(As as, List<String> recipients) {
    Resolution resolution = new Resolution("m1", recipients, as, "op", Optional.empty());
    pipe(Topics.RETURNED, new TestRecord<>("m1", new byte[0], KafkaHeaders.to(resolution.write())));
  }

  private void pipe(String topic, TestRecord<String, byte[]> record) {
    driver
        .createInputTopic(topic, new StringSerializer(), new ByteArraySerializer())
        .pipeInput(record);
  }

  private List<OutcomeType> types() {
    return output(Topics.OUTCOMES).readValuesToList().stream()
        .map(value -> OutcomeJson.read(value).map(Outcome::type).orElseThrow())
        .toList();
  }

  private String counts() {
    driver.advanceWallClockTime(Duration.ofSeconds(2));
    return new String(
        output(Topics.ROUTE_COUNTS).readRecordsToList().getLast().value(), StandardCharsets.UTF_8);
  }

  private TestOutputTopic<String, byte[]> lane() {
    return output(Topics.lane("default", "a"));
  }

  private TestOutputTopic<String, byte[]> output(String topic) {
    return driver.createOutputTopic(topic, new StringDeserializer(), new ByteArrayDeserializer());
  }

  private static Settings settings() {
    String yaml =
        """
        kafka: { bootstrap-servers: "unused:9092", partitions: 1, replication-factor: 1 }
        servers: { a: { host: localhost } }
        routes: { default: { primary: a, in-doubt: hold } }
        """;
    return ((SettingsResult.Valid) SettingsReader.read("t.yaml", yaml, Map.of())).settings();
  }
}
