package io.tandemmail.worker.delivery;

import static io.tandemmail.worker.delivery.Deliveries.ANN;
import static io.tandemmail.worker.delivery.Deliveries.BOB;
import static io.tandemmail.worker.delivery.Deliveries.OFFSET;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tandemmail.model.outcome.Outcome;
import io.tandemmail.model.outcome.OutcomeJson;
import io.tandemmail.model.outcome.OutcomeType;
import io.tandemmail.model.settings.RouteSettings;
import io.tandemmail.model.settings.RouteSettings.Retry;
import io.tandemmail.model.submission.FactsCodec;
import io.tandemmail.model.wire.Topics;
import io.tandemmail.runtime.kafka.KafkaHeaders;
import io.tandemmail.smtp.Fault;
import io.tandemmail.smtp.Phase;
import io.tandemmail.smtp.RecipientResult;
import io.tandemmail.smtp.Reply;
import io.tandemmail.worker.append.Appends;
import io.tandemmail.worker.lane.LedgerNotes;
import io.tandemmail.worker.lane.LedgerReader;
import io.tandemmail.worker.lane.OwnedPartition;
import io.tandemmail.worker.lane.Positions;
import io.tandemmail.worker.policy.Aftermath;
import io.tandemmail.worker.policy.AttemptReport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/** Rule 6: only the owner returns a message; and what has happened is recorded whoever owns it by now. */
class RecorderOwnershipTest {
  private static final RouteSettings ROUTE =
      new RouteSettings("default", "a", List.of(), Retry.DEFAULT);
  private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");

  private final MockProducer<byte[], byte[]> kafka =
      new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
  private final Deque<Runnable> later = new ArrayDeque<>();
  private final AtomicBoolean fresh = new AtomicBoolean(true);
  private final Recorder recorder =
      new Recorder(
          new Appends(kafka, later::add, Runnable::run),
          1,
          () -> new Aftermath(Map.of(), "mx.test"),
          new WorkerMeters(new SimpleMeterRegistry()),
          fresh::get);
  private final OwnedPartition partition = Deliveries.partition();

  @Test
  void whatIsNotDeliveredWaitsUntilOwnershipIsCertain() throws Exception {
    fresh.set(false);
    record(deferred(ANN));
    passTime();

    assertThat(topics()).isEmpty();
    assertThat(partition.busy()).isOne();

    fresh.set(true);
    passTime();
    assertThat(topics()).containsExactly(Topics.RETURNED, Topics.OUTCOMES);
    assertLetGo();
    assertThat(partition.offsets().inFlight()).isZero();
  }

  @Test
  void itIsLetGoOnceThePartitionIsLost() throws Exception {
    fresh.set(false);
    record(deferred(ANN));

    partition.release();
    fresh.set(true);
    passTime();

    assertThat(topics()).isEmpty();
    assertLetGo();
    assertThat(partition.offsets().commit().offset()).as("the new owner's").isEqualTo(OFFSET);
  }

  @Test
  void whatWasDeliveredIsRecordedAtOnceAndTheRestWaits() throws Exception {
    fresh.set(false);
    record(delivered(ANN), deferred(BOB));

    assertThat(outcomes()).extracting(Outcome::recipient).containsExactly(ANN, ANN);
    acknowledgeAll();
    passTime();
    assertThat(topics()).containsExactly(Topics.OUTCOMES, Topics.OUTCOMES);

    fresh.set(true);
    passTime();
    assertThat(topics().subList(2, 4)).containsExactly(Topics.RETURNED, Topics.OUTCOMES);
    assertThat(FactsCodec.facts(KafkaHeaders.from(kafka.history().get(2).headers())).envelope())
        .satisfies(envelope -> assertThat(envelope.forwardPaths()).containsExactly(BOB));
    assertThat(outcomes()).extracting(Outcome::recipient).containsExactly(ANN, ANN, BOB);
    assertLetGo();
  }

  /** I2: the next owner may have sent it too. */
  @Test
  void whatWasDeliveredByWhoIsNotTheOwnerAnyMoreIsRecordedBehindADoubt() throws Exception {
    partition.release();
    record(delivered(ANN), deferred(BOB));
    acknowledgeAll();

    assertThat(outcomes())
        .extracting(Outcome::type)
        .containsExactly(OutcomeType.IN_DOUBT, OutcomeType.DELIVERED);
    assertThat(outcomes().getFirst().lane()).isEmpty();
    assertThat(topics()).doesNotContain(Topics.RETURNED);
    assertLetGo();
    assertThat(partition.offsets().commit().offset())
        .as("bob is the new owner's")
        .isEqualTo(OFFSET);
  }

  @Test
  void aDoubtIsListedAndDoesNotSayToTheNewOwnerThatItIsDone() throws Exception {
    partition.release();
    record(doubted(ANN));
    acknowledgeAll();

    assertThat(topics()).containsExactly(Topics.OUTCOMES);
    Outcome doubt = outcomes().getFirst();
    assertThat(doubt.type()).isEqualTo(OutcomeType.IN_DOUBT);
    assertThat(doubt.reason().orElseThrow()).contains("tried at a");
    LedgerNotes notes =
        new LedgerNotes(new LedgerReader.Takeover(partition.partition(), 0, new Positions(0, 0)));
    notes.outcome(kafka.history().getFirst().value());
    assertThat(notes.ledger(new Positions(1, 0)).finished()).isEmpty();
    assertLetGo();
  }

  @Test
  void aPartitionThatIsBeingGivenUpIsStillOurs() {
    partition.disown();
    record(deferred(ANN));

    assertThat(topics()).containsExactly(Topics.RETURNED);
  }

  @Test
  void nothingHoldsUpAHandOver() throws Exception {
    fresh.set(false);
    record(deferred(ANN));

    partition.disown();
    passTime();

    assertThat(topics()).isEmpty();
    assertLetGo();
  }

  @Test
  void aReturnThatFailedIsNotRepeatedByWhoLostThePartition() throws Exception {
    record(deferred(ANN));
    assertThat(kafka.errorNext(new TimeoutException("no answer"))).isTrue();
    partition.release();
    passTime();

    assertThat(topics()).containsExactly(Topics.RETURNED);
    assertLetGo();
  }

  @Test
  void whatWasDeliveredIsNotForgottenWithAReturnThatFailed() throws Exception {
    record(delivered(ANN), deferred(BOB));
    assertThat(kafka.errorNext(new TimeoutException("no answer"))).isTrue();
    partition.release();
    passTime();

    assertThat(topics()).containsExactly(Topics.RETURNED, Topics.OUTCOMES, Topics.OUTCOMES);
    assertThat(outcomes()).extracting(Outcome::recipient).containsExactly(ANN, ANN);
    assertLetGo();
  }

  /** I2: by now the next owner has read the ledger without it. */
  @Test
  void anOutcomeThatCouldNotBeWrittenBeforeTheLaneWasLostStandsBehindADoubt() throws Exception {
    record(delivered(ANN));
    assertThat(kafka.errorNext(new TimeoutException("no answer"))).isTrue();
    partition.release();
    passTime();

    assertThat(outcomes())
        .extracting(Outcome::type)
        .containsExactly(OutcomeType.DELIVERED, OutcomeType.IN_DOUBT, OutcomeType.DELIVERED);
    assertLetGo();
  }

  /** I2: it left this process when the next owner had read the ledger already. */
  @Test
  void anOutcomeThatIsAcknowledgedAfterTheLaneWasLostIsListedAndThereTwice() throws Exception {
    record(delivered(ANN));
    partition.release();
    acknowledgeAll();

    assertThat(outcomes())
        .extracting(Outcome::type)
        .containsExactly(OutcomeType.DELIVERED, OutcomeType.IN_DOUBT, OutcomeType.DELIVERED);
    assertThat(outcomes().getLast()).isEqualTo(outcomes().getFirst());
    assertLetGo();
  }

  @Test
  void aReturnThatFailedIsRepeatedByTheOwner() throws Exception {
    record(deferred(ANN));
    assertThat(kafka.errorNext(new TimeoutException("no answer"))).isTrue();
    passTime();

    assertThat(topics()).containsExactly(Topics.RETURNED, Topics.RETURNED, Topics.OUTCOMES);
    assertLetGo();
  }

  private void record(RecipientResult... results) {
    String[] recipients =
        List.of(results).stream().map(RecipientResult::recipient).toArray(String[]::new);
    Delivery delivery = Deliveries.of(partition, NOW, recipients);
    assertThat(recorder.takePermitNow()).isTrue();
    partition.began();
    recorder.record(
        delivery,
        AttemptReport.of(delivery.facts(), delivery.position(), List.of(results), ROUTE, NOW));
  }

  /** What waits looks once more, and the broker acknowledges. */
  private void passTime() {
    for (int waiting = later.size(); waiting > 0; waiting--) {
      later.remove().run();
    }
    acknowledgeAll();
  }

  private void acknowledgeAll() {
    while (kafka.completeNext()) {
      // Each may bring the next.
    }
  }

  private void assertLetGo() throws InterruptedException {
    assertThat(later).isEmpty();
    assertThat(partition.busy()).isZero();
    assertThat(recorder.takePermit(Duration.ZERO)).isTrue();
    assertThat(recorder.takePermit(Duration.ZERO)).as("let go twice").isFalse();
  }

  private List<String> topics() {
    return kafka.history().stream().map(ProducerRecord::topic).toList();
  }

  private List<Outcome> outcomes() {
    return kafka.history().stream()
        .filter(record -> record.topic().equals(Topics.OUTCOMES))
        .map(record -> OutcomeJson.read(record.value()).orElseThrow())
        .toList();
  }

  private static RecipientResult delivered(String recipient) {
    return new RecipientResult.Answered(
        recipient, Phase.FINAL_DOT, new Reply(250, Optional.empty(), "ok"));
  }

  private static RecipientResult deferred(String recipient) {
    return new RecipientResult.Answered(
        recipient, Phase.RCPT, new Reply(450, Optional.empty(), "busy"));
  }

  private static RecipientResult doubted(String recipient) {
    return new RecipientResult.InDoubt(
        recipient, new Fault(Fault.Kind.CLOSED, Phase.FINAL_DOT, ""));
  }
}
