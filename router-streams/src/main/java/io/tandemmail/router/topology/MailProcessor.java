package io.tandemmail.router.topology;

import io.tandemmail.model.conservation.RouteCounts;
import io.tandemmail.model.conservation.RouteCountsJson;
import io.tandemmail.model.doubt.Resolution;
import io.tandemmail.model.outcome.Outcome;
import io.tandemmail.model.outcome.OutcomeJson;
import io.tandemmail.model.outcome.OutcomeMark;
import io.tandemmail.model.submission.FactsCodec;
import io.tandemmail.model.submission.LastAttempt;
import io.tandemmail.model.submission.MessageFacts;
import io.tandemmail.model.submission.ReturnReason;
import io.tandemmail.model.wire.HeaderNames;
import io.tandemmail.model.wire.Headers;
import io.tandemmail.model.wire.Topics;
import io.tandemmail.router.commit.CommitPace;
import io.tandemmail.router.life.Decision;
import io.tandemmail.router.life.Decision.Emission;
import io.tandemmail.router.life.MessageLife;
import io.tandemmail.router.life.MessageState;
import io.tandemmail.router.life.MessageStateCodec;
import io.tandemmail.router.life.Recovered;
import io.tandemmail.router.life.Surroundings;
import io.tandemmail.runtime.kafka.KafkaHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** One partition's mail: reads what is known, asks {@link MessageLife}, stores and appends the answer. */
final class MailProcessor implements Processor<byte[], byte[], byte[], Routed> {
  private static final long COUNTS_EVERY_MILLIS = 1_000;
  private static final Duration SWEEP_EVERY = Duration.ofSeconds(5);

  /** Bounds one punctuation, so that a backlog of due mail does not stop new mail. */
  private static final int DUE_AT_ONCE = 500;

  private final Supplier<Admission> admission;
  private final Supplier<MessageLife> life;
  private final Reports reports;
  private final RouterMeters meters;
  private final Supplier<CommitPace> pace;
  private ProcessorContext<byte[], Routed> context;
  private KeyValueStore<String, byte[]> messages;
  private Schedule schedule;
  private Alarm due;
  private Counts counts;
  private Alarm uncounted;
  private Surroundings around;
  private PacedCommit commit;

  @SuppressWarnings("NullAway.Init") // Streams calls init before anything else.
  MailProcessor(
      Supplier<Admission> admission,
      Supplier<MessageLife> life,
      Reports reports,
      RouterMeters meters,
      Supplier<CommitPace> pace) {
    this.admission = admission;
    this.life = life;
    this.reports = reports;
    this.meters = meters;
    this.pace = pace;
  }

  @Override
  public void init(ProcessorContext<byte[], Routed> streams) {
    context = streams;
    commit = new PacedCommit(streams, pace.get());
    messages = streams.getStateStore(StoreNames.MESSAGES);
    schedule = new Schedule(streams.getStateStore(StoreNames.SCHEDULE));
    counts = new Counts(streams.getStateStore(StoreNames.COUNTS), partition());
    around =
        new Surroundings(
            new HealthTable(streams.getStateStore(StoreNames.HEALTH)),
            new SuppressionTable(streams.getStateStore(StoreNames.SUPPRESSIONS)));
    Sweep sweep = new Sweep(messages);
    due = new Alarm(streams, this::placeDue);
    due.setFor(schedule.firstDueMillis());
    uncounted = new Alarm(streams, this::publishCounts);
    publishCountsSoon();
    streams.schedule(SWEEP_EVERY, PunctuationType.WALL_CLOCK_TIME, at -> sweep.forgetOld(now()));
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    RecordMetadata from = context.recordMetadata().orElseThrow();
    switch (from.topic()) {
      case Topics.OUTCOMES -> noteOutcome(record, from.offset());
      case Topics.RETURNED -> takeBack(record);
      default -> admit(record, admission.get().read(record, from));
    }
    commit.soon();
  }

  private void admit(Record<byte[], byte[]> record, Admission.Verdict verdict) {
    switch (verdict) {
      case Admission.Admitted admitted -> {
        MessageFacts facts = admitted.facts();
        Decision decision = life.get().admit(facts, known(facts.id()), around, now());
        apply(facts, record, decision);
      }
      case Admission.ElsewhereAtHome elsewhere ->
          append(
              record, Topics.RETURNED, elsewhere.partition(), elsewhere.headers(), record.value());
      case Admission.Rejected rejected -> {
        append(record, Topics.REJECTED, partition(), rejected.headers(), record.value());
        rejected.event().ifPresent(this::appendEvent);
      }
    }
  }

  private void takeBack(Record<byte[], byte[]> record) {
    Headers headers = KafkaHeaders.from(record.headers());
    ReturnReason reason = FactsCodec.returnReason(headers).orElse(ReturnReason.HOME);
    switch (reason) {
      case HOME -> admit(record, admission.get().readAtHome(record, headers, partition()));
      case RESOLVED -> resolve(record, headers);
      case RECOVERED -> recover(record, headers);
      case DEFERRED, EXPIRED, QUARANTINED -> placeAgain(record, headers, reason);
      case REROUTED -> {
        placeAgain(record, headers, reason);
        commit.hurry();
      }
    }
  }

  private void placeAgain(Record<byte[], byte[]> record, Headers headers, ReturnReason reason) {
    if (record.value() == null) {
      append(
          record,
          Topics.REJECTED,
          partition(),
          Admission.withReason(headers, "returned without its bytes"),
          null);
      return;
    }
    MessageFacts facts;
    MessageLife.Return returned;
    try {
      facts = FactsCodec.facts(headers);
      returned =
          new MessageLife.Return(
              reason, FactsCodec.notBefore(headers), FactsCodec.lastAttempt(headers));
    } catch (IllegalArgumentException unreadable) {
      rejectReturned(record, headers, unreadable);
      return;
    }
    apply(facts, record, life.get().returned(facts, returned, known(facts.id()), around, now()));
  }

  /** An operator's word; whom it is not about stays where it is. */
  private void resolve(Record<byte[], byte[]> record, Headers headers) {
    Resolution resolution;
    try {
      resolution = Resolution.read(headers);
    } catch (IllegalArgumentException unreadable) {
      rejectReturned(record, headers, unreadable);
      return;
    }
    known(resolution.id())
        .ifPresent(state -> {
          for (Instant until : state.heldUntil()) {
            schedule
                .take(resolution.id(), until, state.recipients().size(), MailProcessor::isInDoubt)
                .forEach(waited -> resolveEntry(waited, until, resolution));
          }
        });
  }

  private void resolveEntry(StoredRecord waited, Instant until, Resolution resolution) {
    MessageFacts facts = FactsCodec.facts(waited.headers());
    LastAttempt.Doubt doubt = FactsCodec.lastAttempt(waited.headers()).doubt().orElseThrow();
    MessageState state = known(facts.id()).orElseThrow();
    counts.scheduled(facts.route(), -1);
    apply(
        facts,
        asRecord(facts, waited),
        life.get()
            .resolved(new MessageLife.Held(facts, doubt, until), resolution, state, around, now()));
  }

  private static boolean isInDoubt(StoredRecord waited) {
    return FactsCodec.lastAttempt(waited.headers()).doubt().isPresent();
  }

  private Record<byte[], byte[]> asRecord(MessageFacts facts, StoredRecord waited) {
    return new Record<>(
        facts.id().getBytes(StandardCharsets.UTF_8),
        waited.value(),
        now().toEpochMilli(),
        KafkaHeaders.to(waited.headers()));
  }

  private void recover(Record<byte[], byte[]> record, Headers headers) {
    RecoveredRecord found;
    try {
      found = RecoveredRecord.read(headers);
    } catch (IllegalArgumentException unreadable) {
      rejectReturned(record, headers, unreadable);
      return;
    }
    Recovered message = found.message();
    Decision decision = life.get().recovered(message, known(found.id()), around, now());
    if (message.facts().isPresent()) {
      apply(message.facts().get(), record, decision);
    } else {
      remember(found.id(), message.state().route(), decision);
    }
  }

  private void rejectReturned(
      Record<byte[], byte[]> record, Headers headers, IllegalArgumentException unreadable) {
    String why = "mail.returned record is unreadable: " + unreadable.getMessage();
    append(
        record, Topics.REJECTED, partition(), Admission.withReason(headers, why), record.value());
  }

  private void noteOutcome(Record<byte[], byte[]> record, long offset) {
    Optional<OutcomeMark> read = Admission.readOutcome(record.value());
    if (read.isEmpty()) {
      return;
    }
    OutcomeMark outcome = read.get();
    meters.outcome(outcome);
    if (!MessageLife.changes(outcome.type())) {
      return;
    }
    remember(
        outcome.id(), outcome.route(), life.get().recorded(outcome, offset, known(outcome.id())));
  }

  private void remember(String id, String route, Decision decision) {
    decision.state().ifPresent(state -> messages.put(id, MessageStateCodec.write(state)));
    counts.count(route, decision.counted());
    publishCountsSoon();
  }

  private void placeDue() {
    for (StoredRecord waited : schedule.takeDue(now(), DUE_AT_ONCE)) {
      MessageFacts facts = FactsCodec.facts(waited.headers());
      counts.scheduled(facts.route(), -1);
      Record<byte[], byte[]> record = asRecord(facts, waited);
      LastAttempt last = FactsCodec.lastAttempt(waited.headers());
      apply(facts, record, life.get().due(facts, last, known(facts.id()), around, now()));
    }
    due.setFor(schedule.firstDueMillis());
    commit.soon();
  }

  private void publishCountsSoon() {
    if (counts.changed()) {
      uncounted.setFor(now().toEpochMilli() + COUNTS_EVERY_MILLIS);
    }
  }

  private void publishCounts() {
    for (RouteCounts changed : counts.takeChanged(now())) {
      byte[] key = (changed.route() + "/" + changed.partition()).getBytes(StandardCharsets.UTF_8);
      byte[] value = RouteCountsJson.write(changed);
      context.forward(
          new Record<>(key, new Routed(Topics.ROUTE_COUNTS, 0, value), now().toEpochMilli()),
          Sinks.MAIL);
    }
  }

  private void apply(MessageFacts facts, Record<byte[], byte[]> record, Decision decision) {
    remember(facts.id(), facts.route(), decision);
    for (Emission emission : decision.emissions()) {
      switch (emission) {
        case Emission.ToLane lane -> {
          Headers headers = FactsCodec.write(lane.facts(), lane.assignment());
          String topic = Topics.lane(lane.facts().route(), lane.assignment().server());
          append(
              record,
              topic,
              partition(),
              Admission.withTrace(headers, record.headers()),
              record.value());
        }
        case Emission.ToSchedule later -> {
          Headers headers =
              Admission.withTrace(
                  FactsCodec.writeScheduled(later.facts(), later.last()), record.headers());
          schedule.put(later.due(), later.facts().id(), new StoredRecord(headers, record.value()));
          due.setFor(later.due().toEpochMilli());
          counts.scheduled(later.facts().route(), 1);
        }
        case Emission.Reject reject ->
            append(
                record,
                Topics.REJECTED,
                partition(),
                Admission.withReason(FactsCodec.write(reject.facts()), reject.reason()),
                record.value());
        case Emission.Event event -> appendEvent(event.outcome());
        case Emission.Report report ->
            reports
                .of(report, record.value())
                .forEach(dsn ->
                    append(
                        record, Topics.SUBMITTED, reports.homeOf(dsn), dsn.headers(), dsn.value()));
      }
    }
    publishCountsSoon();
  }

  private void appendEvent(Outcome outcome) {
    byte[] key = outcome.id().getBytes(StandardCharsets.UTF_8);
    Routed routed = new Routed(Topics.OUTCOMES, partition(), OutcomeJson.write(outcome));
    context.forward(new Record<>(key, routed, now().toEpochMilli()), Sinks.MAIL);
  }

  private void append(
      Record<byte[], byte[]> record,
      String topic,
      int partition,
      Headers headers,
      byte @Nullable [] value) {
    byte[] key =
        headers
            .last(HeaderNames.ID)
            .map(id -> id.getBytes(StandardCharsets.UTF_8))
            .orElse(record.key());
    context.forward(
        new Record<>(
            key, new Routed(topic, partition, value), record.timestamp(), KafkaHeaders.to(headers)),
        Sinks.MAIL);
  }

  private Optional<MessageState> known(String id) {
    return Optional.ofNullable(messages.get(id)).map(MessageStateCodec::read);
  }

  private int partition() {
    return context.taskId().partition();
  }

  private Instant now() {
    return Instant.ofEpochMilli(context.currentSystemTimeMs());
  }
}
