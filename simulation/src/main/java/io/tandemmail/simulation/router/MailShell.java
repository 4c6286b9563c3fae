package io.tandemmail.simulation.router;

import static java.util.Objects.requireNonNull;

import io.tandemmail.model.outcome.Outcome;
import io.tandemmail.model.outcome.OutcomeJson;
import io.tandemmail.model.outcome.OutcomeMark;
import io.tandemmail.model.submission.FactsCodec;
import io.tandemmail.model.submission.MessageFacts;
import io.tandemmail.model.submission.ReturnReason;
import io.tandemmail.model.wire.HeaderNames;
import io.tandemmail.model.wire.Headers;
import io.tandemmail.model.wire.HomePartition;
import io.tandemmail.model.wire.Topics;
import io.tandemmail.router.life.Decision;
import io.tandemmail.router.life.Decision.Counted;
import io.tandemmail.router.life.Decision.Emission;
import io.tandemmail.router.life.MessageLife;
import io.tandemmail.router.life.MessageState;
import io.tandemmail.router.life.MessageStateCodec;
import io.tandemmail.router.life.Surroundings;
import io.tandemmail.simulation.truth.Truth;
import io.tandemmail.simulation.world.LogRecord;
import io.tandemmail.simulation.world.Rule;
import io.tandemmail.simulation.world.World;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;

/** One partition's mail, as {@code router.topology.MailProcessor} has it: read what is known, ask, store and append. */
final class MailShell extends TaskShell {
  private static final int RECORDS_A_ROUND = 20;
  private static final int DUE_A_ROUND = 50;

  private final int partition;
  private final MessageLife life;
  private final Map<String, byte[]> messages = new HashMap<>();
  private final TreeMap<Due, Headers> schedule =
      new TreeMap<>(Comparator.comparing(Due::at).thenComparing(Due::id));
  private final Map<String, Integer> positions = new HashMap<>();
  private final List<String> topics =
      new ArrayList<>(List.of(Topics.SUBMITTED, Topics.RETURNED, Topics.OUTCOMES));
  private int accepted;
  private int ended;

  MailShell(World world, int partition) {
    super(world);
    this.partition = partition;
    this.life = new MessageLife(world.settings().routes());
  }

  private record Due(Instant at, String id) {}

  @Override
  void takenOver() {}

  /** I3: accepted = ended + waiting, from the state itself. */
  void checkCounts() {
    long waiting =
        messages.values().stream().filter(state -> !MessageStateCodec.read(state).ended()).count();
    Truth.require(
        accepted == ended + waiting,
        "I3",
        accepted + " accepted, " + ended + " ended, " + waiting + " waiting in " + partition);
  }

  int waiting() {
    return accepted - ended;
  }

  /** Kafka promises no order between topics: any of them may be ahead. */
  @Override
  void work(RouterNode node, Transaction open) {
    String first = topics.remove(world.chance().below(topics.size()));
    topics.add(world.chance().below(topics.size() + 1), first);
    for (String topic : topics) {
      read(topic, node, world.chance().below(RECORDS_A_ROUND));
    }
    placeDue(node);
  }

  private void read(String topic, RouterNode node, int limit) {
    List<LogRecord> log = world.broker().log(topic, partition);
    int before = positions.getOrDefault(topic, 0);
    int position = before;
    while (position < log.size() && position - before < limit) {
      LogRecord record = log.get(position);
      if (!record.isMarker()) {
        process(topic, record, position, node);
      }
      position++;
    }
    if (position > before) {
      positions.put(topic, position);
      transaction().changed(() -> positions.put(topic, before));
    }
  }

  private void process(String topic, LogRecord record, long offset, RouterNode node) {
    switch (topic) {
      case Topics.OUTCOMES -> note((byte[]) record.value(), offset);
      case Topics.RETURNED -> takeBack(record, node);
      default -> submitted(record, node);
    }
  }

  private void submitted(LogRecord record, RouterNode node) {
    int home = HomePartition.of(record.id(), world.settings().kafka().partitions());
    if (home == partition || !world.holds(Rule.HOME_PARTITION)) {
      admit(record, node);
      return;
    }
    List<Headers.Header> headers = new ArrayList<>(record.headers().all());
    headers.add(Headers.Header.of(HeaderNames.REASON, ReturnReason.HOME.wireName()));
    append(Topics.RETURNED, home, new LogRecord(record.id(), new Headers(headers), "home"));
  }

  private void admit(LogRecord record, RouterNode node) {
    MessageFacts facts = FactsCodec.facts(record.headers());
    Optional<MessageState> known =
        world.holds(Rule.FIRST_SEEN) ? known(facts.id()) : Optional.empty();
    apply(facts, life.admit(facts, known, around(node), now(node)));
  }

  private void takeBack(LogRecord record, RouterNode node) {
    ReturnReason reason = FactsCodec.returnReason(record.headers()).orElseThrow();
    if (reason == ReturnReason.HOME) {
      admit(record, node);
      return;
    }
    MessageFacts facts = FactsCodec.facts(record.headers());
    MessageLife.Return returned =
        new MessageLife.Return(
            reason,
            FactsCodec.notBefore(record.headers()),
            FactsCodec.lastAttempt(record.headers()));
    Optional<MessageState> known = known(facts.id());
    if (!world.holds(Rule.SECOND_RETURN_DROPPED)) {
      known = known.map(MailShell::asIfNeverReturned);
    }
    apply(facts, life.returned(facts, returned, known, around(node), now(node)));
    transaction()
        .takenOut(() -> world.truth().waitsNoMore(facts.id(), facts.envelope().forwardPaths()));
  }

  private static MessageState asIfNeverReturned(MessageState state) {
    return new MessageState(
        state.route(),
        state.submittedAt(),
        state.firstSeen(),
        -1,
        -1,
        state.place(),
        state.recipients().stream()
            .map(it -> new MessageState.RecipientState(it.address(), it.last(), -1))
            .toList(),
        state.events());
  }

  private void note(byte[] value, long offset) {
    OutcomeMark outcome = OutcomeJson.readMark(value).orElseThrow();
    if (MessageLife.changes(outcome.type())) {
      Decision decision = life.recorded(outcome, offset, known(outcome.id()));
      decision.state().ifPresent(state -> put(outcome.id(), state));
      count(outcome.id(), decision.counted());
    }
  }

  private void placeDue(RouterNode node) {
    Instant now = now(node);
    for (int i = 0; i < DUE_A_ROUND && !schedule.isEmpty(); i++) {
      Due due = schedule.firstKey();
      if (due.at.isAfter(now)) {
        return;
      }
      Headers headers = requireNonNull(schedule.remove(due));
      transaction().changed(() -> schedule.put(due, headers));
      MessageFacts facts = FactsCodec.facts(headers);
      apply(
          facts,
          life.due(facts, FactsCodec.lastAttempt(headers), known(facts.id()), around(node), now));
      transaction()
          .takenOut(() -> world.truth().waitsNoMore(facts.id(), facts.envelope().forwardPaths()));
    }
  }

  private void apply(MessageFacts facts, Decision decision) {
    decision.state().ifPresent(state -> put(facts.id(), state));
    count(facts.id(), decision.counted());
    for (Emission emission : decision.emissions()) {
      switch (emission) {
        case Emission.ToLane lane -> {
          Headers headers = FactsCodec.write(lane.facts(), lane.assignment());
          String topic = Topics.lane(lane.facts().route(), lane.assignment().server());
          TopicPartition to = new TopicPartition(topic, partition);
          emit(() -> {
            LogRecord record =
                new LogRecord(lane.facts().id(), headers, world.truth().placed(lane.facts()));
            world.broker().append(to, record);
            world.broker().endTransaction(to);
          });
        }
        case Emission.ToSchedule later -> {
          Due due = free(new Due(later.due(), later.facts().id()));
          schedule.put(due, FactsCodec.writeScheduled(later.facts(), later.last()));
          transaction().changed(() -> schedule.remove(due));
          List<String> recipients = later.facts().envelope().forwardPaths();
          emit(() -> world.truth().waits(later.facts().id(), recipients));
        }
        case Emission.Reject reject -> throw new IllegalStateException("nothing kills a worker");
        case Emission.Event event -> event(event.outcome());
        case Emission.Report report ->
            throw new IllegalStateException("these routes ask for no reports");
      }
    }
  }

  /** Recipients of a message may travel apart; an entry never takes the place of another. */
  private Due free(Due wanted) {
    Due due = wanted;
    while (schedule.containsKey(due)) {
      due = new Due(due.at.plusMillis(1), due.id);
    }
    return due;
  }

  private void event(Outcome outcome) {
    LogRecord record = new LogRecord(outcome.id(), Headers.NONE, OutcomeJson.write(outcome));
    emit(() -> {
      world.truth().recorded(outcome);
      world.broker().append(new TopicPartition(Topics.OUTCOMES, partition), record);
    });
  }

  private void append(String topic, int to, LogRecord record) {
    emit(() -> world.broker().append(new TopicPartition(topic, to), record));
  }

  private void emit(Runnable append) {
    if (world.holds(Rule.ONE_TRANSACTION)) {
      transaction().append(append);
    } else {
      append.run();
    }
  }

  private void put(String id, MessageState state) {
    byte[] before = messages.put(id, MessageStateCodec.write(state));
    transaction()
        .changed(() -> {
          if (before == null) {
            messages.remove(id);
          } else {
            messages.put(id, before);
          }
        });
  }

  private void count(String id, Counted counted) {
    switch (counted) {
      case NONE -> {}
      case ACCEPTED -> {
        accepted++;
        transaction().changed(() -> accepted--);
        transaction().append(() -> world.truth().admitted(id));
      }
      case DELIVERED, FAILED -> {
        ended++;
        transaction().changed(() -> ended--);
      }
      case ACCEPTED_AND_DELIVERED, ACCEPTED_AND_FAILED ->
          throw new IllegalStateException("no disk of this world loses what was written");
    }
  }

  private Optional<MessageState> known(String id) {
    return Optional.ofNullable(messages.get(id)).map(MessageStateCodec::read);
  }

  private static Surroundings around(RouterNode node) {
    return new Surroundings(node, recipient -> Optional.empty());
  }

  private Instant now(RouterNode node) {
    return world.agenda().wall(node.actor());
  }
}
