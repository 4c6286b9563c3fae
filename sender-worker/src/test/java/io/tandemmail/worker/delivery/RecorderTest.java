package io.tandemmail.worker.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tandemmail.model.outcome.Outcome;
import io.tandemmail.model.outcome.OutcomeJson;
import io.tandemmail.model.outcome.OutcomeType;
import io.tandemmail.model.settings.RouteSettings;
import io.tandemmail.model.settings.RouteSettings.Bounces;
import io.tandemmail.model.settings.RouteSettings.Dsn;
import io.tandemmail.model.settings.RouteSettings.Retry;
import io.tandemmail.model.submission.Assignment;
import io.tandemmail.model.submission.ContentType;
import io.tandemmail.model.submission.Envelope;
import io.tandemmail.model.submission.MessageFacts;
import io.tandemmail.model.submission.Role;
import io.tandemmail.model.wire.HeaderNames;
import io.tandemmail.model.wire.Headers;
import io.tandemmail.model.wire.Topics;
import io.tandemmail.runtime.kafka.KafkaHeaders;
import io.tandemmail.smtp.EnhancedCode;
import io.tandemmail.smtp.Phase;
import io.tandemmail.smtp.RecipientResult;
import io.tandemmail.smtp.Reply;
import io.tandemmail.worker.append.Appends;
import io.tandemmail.worker.lane.LedgerReader;
import io.tandemmail.worker.lane.LeftInHand;
import io.tandemmail.worker.lane.OffsetTracker;
import io.tandemmail.worker.lane.OwnedPartition;
import io.tandemmail.worker.lane.Positions;
import io.tandemmail.worker.policy.Aftermath;
import io.tandemmail.worker.policy.AttemptReport;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class RecorderTest {
  private static final RouteSettings ROUTE =
      new RouteSettings("default", "a", List.of(), Retry.DEFAULT);
  private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");

  private final MockProducer<byte[], byte[]> kafka =
      new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
  private final Deque<Runnable> next = new ArrayDeque<>();
  private final Recorder recorder =
      new Recorder(
          new Appends(kafka, Runnable::run, next::add),
          1,
          () ->
              new Aftermath(
                  Map.of(
                      "default",
                      new RouteSettings("default", "a", List.of(), Retry.DEFAULT)
                          .withBounces(new Bounces(Dsn.FAILURES, true, false))),
                  "mx.test"),
          new WorkerMeters(new SimpleMeterRegistry()),
          () -> true);

  @Test
  void whatABounceBringsWithItIsOnTheBrokerBeforeItsOutcome() throws Exception {
    Delivery delivery = delivery();
    assertThat(recorder.takePermit(Duration.ofMillis(1))).isTrue();

    recorder.record(delivery, bounced(delivery));

    assertThat(topics()).containsExactlyInAnyOrder(Topics.SUBMITTED, Topics.SUPPRESSIONS);
    kafka.completeNext();
    assertThat(topics()).doesNotContain(Topics.OUTCOMES);
    kafka.completeNext();
    assertThat(topics())
        .as("a send that waits for the producer's own thread must not be on it")
        .hasSize(2);
    next.remove().run();
    assertThat(topics()).hasSize(3).last().isEqualTo(Topics.OUTCOMES);
    assertThat(recorder.takePermit(Duration.ofMillis(1))).isFalse();
    kafka.completeNext();
    assertThat(recorder.takePermit(Duration.ofMillis(1))).isTrue();
  }

  @Test
  void theReportIsASubmissionLikeAnyOther() {
    Delivery delivery = delivery();
    recorder.record(delivery, bounced(delivery));

    ProducerRecord<byte[], byte[]> report =
        kafka.history().stream()
            .filter(record -> record.topic().equals(Topics.SUBMITTED))
            .findFirst()
            .orElseThrow();
    Headers headers = KafkaHeaders.from(report.headers());
    assertThat(headers.last(HeaderNames.MAIL_FROM)).contains("");
    assertThat(headers.last(HeaderNames.RCPT_TO)).contains("shop@example.com");
    assertThat(headers.last(HeaderNames.ID))
        .contains(new String(report.key(), StandardCharsets.UTF_8));
    assertThat(report.partition()).as("its key's home").isNull();
  }

  /** I2: its worker may have sent it, and nobody knows. */
  @Test
  void theOutcomeOfWhatADeadWorkerHadInHandStandsBehindADoubt() {
    Delivery delivery = delivery(new LeftInHand(1, 8));
    delivery.partition().leftInHand().taken(7);
    recorder.record(delivery, delivered(delivery));

    assertThat(outcomes()).extracting(Outcome::type).containsExactly(OutcomeType.IN_DOUBT);
    Outcome doubt = outcomes().getFirst();
    assertThat(doubt.lane()).as("else the ledger would say that it is done").isEmpty();
    assertThat(doubt.recipient()).isEqualTo("ann@example.net");
    kafka.completeNext();
    next.remove().run();
    assertThat(outcomes())
        .extracting(Outcome::type)
        .containsExactly(OutcomeType.IN_DOUBT, OutcomeType.DELIVERED);
    kafka.completeNext();
    assertThat(delivery.partition().leftInHand().count()).as("finished").isZero();
  }

  @Test
  void whereNobodyDiedThereIsNoDoubt() {
    Delivery delivery = delivery();
    recorder.record(delivery, delivered(delivery));

    assertThat(outcomes()).extracting(Outcome::type).containsExactly(OutcomeType.DELIVERED);
  }

  private List<Outcome> outcomes() {
    return kafka.history().stream()
        .filter(record -> record.topic().equals(Topics.OUTCOMES))
        .map(record -> OutcomeJson.read(record.value()).orElseThrow())
        .toList();
  }

  private List<String> topics() {
    return kafka.history().stream().map(ProducerRecord::topic).toList();
  }

  private static AttemptReport bounced(Delivery delivery) {
    Reply reply = new Reply(550, Optional.of(new EnhancedCode(5, 1, 1)), "no such user");
    return answered(delivery, Phase.RCPT, reply);
  }

  private static AttemptReport delivered(Delivery delivery) {
    return answered(delivery, Phase.FINAL_DOT, new Reply(250, Optional.empty(), "queued"));
  }

  private static AttemptReport answered(Delivery delivery, Phase phase, Reply reply) {
    return AttemptReport.of(
        delivery.facts(),
        delivery.position(),
        List.of(new RecipientResult.Answered("ann@example.net", phase, reply)),
        ROUTE,
        NOW);
  }

  private static Delivery delivery() {
    return delivery(LeftInHand.nothing());
  }

  private static Delivery delivery(LeftInHand leftInHand) {
    MessageFacts facts =
        new MessageFacts(
            "m1",
            "default",
            new Envelope("shop@example.com", List.of("ann@example.net")),
            ContentType.RFC822,
            NOW,
            Optional.empty(),
            Optional.empty(),
            0,
            0,
            Optional.empty());
    OffsetTracker offsets = new OffsetTracker(7, 0);
    offsets.taken(7, 0);
    OwnedPartition partition =
        new OwnedPartition(
            new TopicPartition(Topics.lane("default", "a"), 0),
            offsets,
            LedgerReader.Ledger.empty(new Positions(0, 0)),
            leftInHand);
    partition.began();
    byte[] value = "Subject: x\r\n\r\nbody\r\n".getBytes(StandardCharsets.UTF_8);
    return new Delivery(
        partition, 7, facts, new Assignment("a", Role.PRIMARY, 1), Headers.NONE, value);
  }
}
