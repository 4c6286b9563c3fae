package io.tandemmail.router.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.model.outcome.Outcome;
import io.tandemmail.model.outcome.OutcomeJson;
import io.tandemmail.model.outcome.OutcomeType;
import io.tandemmail.model.settings.Settings;
import io.tandemmail.model.settings.SettingsReader;
import io.tandemmail.model.settings.SettingsResult;
import io.tandemmail.model.submission.FactsCodec;
import io.tandemmail.model.submission.LastAttempt;
import io.tandemmail.model.submission.MessageFacts;
import io.tandemmail.model.wire.HeaderNames;
import io.tandemmail.model.wire.Topics;
import io.tandemmail.router.life.MessageState;
import io.tandemmail.router.life.Reconciliation;
import io.tandemmail.router.life.Recovered;
import io.tandemmail.router.topology.Admission.Seen;
import io.tandemmail.runtime.config.Live;
import io.tandemmail.runtime.kafka.KafkaHeaders;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
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

/** A router that has forgotten everything is told what was found after a power loss. */
class RecoveryTopologyTest {
  private static final Instant BEFORE = Instant.parse("2026-11-24T08:00:00Z");
  private static final Instant START = Instant.parse("2026-11-24T10:00:00Z");
  private static final byte[] MESSAGE =
      "{\"from\":\"a@example.com\",\"to\":[\"ann@example.net\",\"bob@example.net\"],\"subject\":\"x\"}"
          .getBytes(StandardCharsets.UTF_8);

  @TempDir Path stateDir;
  private final Seen seen = Admission.of(settings()).see(submission());
  private final MessageFacts facts = seen.facts().orElseThrow();
  private final Reconciliation reconciliation = new Reconciliation();
  private TopologyTestDriver driver;
  private TestInputTopic<String, byte[]> submitted;
  private TestInputTopic<String, byte[]> returned;

  @BeforeEach
  void start() {
    driver = RouterDriver.start(Live.of(settings()), stateDir, START);
    submitted = input(Topics.SUBMITTED);
    returned = input(Topics.RETURNED);
    reconciliation.submitted(facts, new Reconciliation.Place(0, 5));
  }

  @AfterEach
  void stop() {
    driver.close();
  }

  @Test
  void whatHadEndedIsCountedAndRememberedAndNotRouted() {
    record("ann@example.net");
    MessageState ended = record("bob@example.net").orElseThrow().state();
    tell(recovered(ended, Optional.empty()), new byte[0]);
    submitted.pipeInput("m1", MESSAGE);

    assertThat(output(Topics.lane("default", "a")).isEmpty()).isTrue();
    assertThat(output(Topics.OUTCOMES).readValuesToList())
        .extracting(value -> OutcomeJson.read(value).orElseThrow().type())
        .containsOnly(OutcomeType.DUPLICATE);
    assertThat(counts()).contains("\"accepted\":1,\"delivered\":1,\"failed\":0,\"scheduled\":0");
  }

  @Test
  void whatHadBegunGoesOnWithItsBytesForWhoIsOpen() {
    record("ann@example.net");
    MessageState found = reconciliation.unfinished().getFirst().found().orElseThrow();
    tell(recovered(found, Optional.of(facts)), MESSAGE);

    TestRecord<String, byte[]> routed = output(Topics.lane("default", "a")).readRecord();
    assertThat(routed.value()).isEqualTo(MESSAGE);
    MessageFacts open = FactsCodec.facts(KafkaHeaders.from(routed.headers()));
    assertThat(open.envelope().forwardPaths()).containsExactly("bob@example.net");
    assertThat(open.submittedAt()).isEqualTo(BEFORE);
    assertThat(counts()).contains("\"accepted\":1,\"delivered\":0,\"failed\":0,\"scheduled\":0");
  }

  @Test
  void whatHadNotBegunIsTakenInUnderItsOwnTimeAndPlace() {
    returned.pipeInput(new TestRecord<>((String) null, MESSAGE, KafkaHeaders.to(seen.homeward())));

    TestRecord<String, byte[]> routed = output(Topics.lane("default", "a")).readRecord();
    MessageFacts taken = FactsCodec.facts(KafkaHeaders.from(routed.headers()));
    assertThat(taken.id()).isEqualTo("submitted-0-5");
    assertThat(taken.submittedAt()).isEqualTo(BEFORE);
  }

  @Test
  void aStateThatCannotBeReadIsKeptWithItsBytesAndStopsNothing() {
    Headers headers =
        new RecordHeaders()
            .add(HeaderNames.REASON, "recovered".getBytes(StandardCharsets.UTF_8))
            .add(HeaderNames.ID, "m1".getBytes(StandardCharsets.UTF_8))
            .add(HeaderNames.STATE, "*".getBytes(StandardCharsets.UTF_8));
    returned.pipeInput(new TestRecord<>("m1", MESSAGE, headers));

    assertThat(output(Topics.REJECTED).readRecord().value()).isEqualTo(MESSAGE);
  }

  private Optional<Reconciliation.Ended> record(String recipient) {
    Outcome outcome =
        new Outcome(
            facts.id(),
            "default",
            recipient,
            OutcomeType.DELIVERED,
            1,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            BEFORE,
            BEFORE,
            Optional.empty());
    return reconciliation.recorded(outcome, 3);
  }

  private void tell(RecoveredRecord record, byte[] value) {
    returned.pipeInput(new TestRecord<>("m1", value, KafkaHeaders.to(record.write())));
  }

  private String counts() {
    driver.advanceWallClockTime(Duration.ofSeconds(2));
    List<byte[]> all = output(Topics.ROUTE_COUNTS).readValuesToList();
    return new String(all.getLast(), StandardCharsets.UTF_8);
  }

  private TestOutputTopic<String, byte[]> output(String topic) {
    return driver.createOutputTopic(topic, new StringDeserializer(), new ByteArrayDeserializer());
  }

  private TestInputTopic<String, byte[]> input(String topic) {
    return driver.createInputTopic(
        topic, new StringSerializer(), new ByteArraySerializer(), START, Duration.ZERO);
  }

  private static ConsumerRecord<byte[], byte[]> submission() {
    return new ConsumerRecord<>(
        Topics.SUBMITTED,
        0,
        5,
        BEFORE.toEpochMilli(),
        TimestampType.LOG_APPEND_TIME,
        -1,
        MESSAGE.length,
        null,
        MESSAGE,
        new RecordHeaders(),
        Optional.empty());
  }

  private static Settings settings() {
    String yaml =
        """
        kafka: { bootstrap-servers: "unused:9092", partitions: 1, replication-factor: 1 }
        servers: { a: { host: localhost }, b: { host: localhost } }
        routes: { default: { primary: a, secondary: b } }
        """;
    return ((SettingsResult.Valid) SettingsReader.read("test", yaml, Map.of())).settings();
  }

  private static RecoveredRecord recovered(MessageState state, Optional<MessageFacts> facts) {
    return new RecoveredRecord("m1", new Recovered(state, facts, LastAttempt.NONE));
  }
}
