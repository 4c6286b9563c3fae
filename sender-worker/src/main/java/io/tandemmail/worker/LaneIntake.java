package io.tandemmail.worker;

import io.tandemmail.model.settings.RouteSettings;
import io.tandemmail.model.settings.Settings;
import io.tandemmail.model.submission.Assignment;
import io.tandemmail.model.submission.FactsCodec;
import io.tandemmail.model.submission.MessageFacts;
import io.tandemmail.model.wire.HeaderNames;
import io.tandemmail.model.wire.Headers;
import io.tandemmail.model.wire.Topics;
import io.tandemmail.runtime.config.Live;
import io.tandemmail.runtime.kafka.KafkaHeaders;
import io.tandemmail.worker.delivery.Delivery;
import io.tandemmail.worker.delivery.Dispatch;
import io.tandemmail.worker.delivery.Ownership;
import io.tandemmail.worker.delivery.Recorder;
import io.tandemmail.worker.lane.OwnedPartition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that polls: takes records of the lanes this worker owns, bounds how many wait in memory by pausing
 * partitions, and commits how far each is done.
 */
final class LaneIntake implements ConsumerRebalanceListener {
  private static final Logger LOG = LoggerFactory.getLogger(LaneIntake.class);
  private static final Duration POLL = Duration.ofMillis(50);
  private static final Duration COMMIT_EVERY = Duration.ofMillis(250);

  /** A commit is what the group answers to members only, so one goes out at least this often. */
  private static final Duration CONFIRM_EVERY = Duration.ofSeconds(1);

  private static final Duration BACKLOG_EVERY = Duration.ofMillis(500);

  /** How much of the returned mail a successor may have to read, and how long polling may wait to know it. */
  private static final Duration RETURNED_END_EVERY = Duration.ofSeconds(5);

  private static final Duration RETURNED_END_WAIT = Duration.ofMillis(250);

  private static final Duration LAST_COMMIT = Duration.ofSeconds(5);

  private static final int IN_FLIGHT_PER_PARTITION_MAX = 400;

  /** Of all partitions together: memory does not depend on how large the messages are (docs/rules.md, 14). */
  private static final long IN_FLIGHT_BYTES_MAX = 96L << 20;

  private final Consumer<byte[], byte[]> consumer;
  private final Partitions partitions;
  private final Dispatch dispatch;
  private final Recorder recorder;
  private final Ownership ownership;
  private final Suspects suspects;
  private final Duration revokeBudget;
  private final Live<Settings> settings;
  private final Set<String> lanes = new TreeSet<>();
  private Settings followed;
  private final Thread thread = Thread.ofPlatform().name("lane-intake").unstarted(this::run);
  private volatile boolean stopping;
  private volatile boolean joined;
  private long nextBacklogNanos = System.nanoTime();
  private long nextCommitNanos = System.nanoTime();
  private long nextConfirmNanos = System.nanoTime();
  private long nextReturnedEndNanos = System.nanoTime();

  LaneIntake(
      Consumer<byte[], byte[]> consumer,
      Partitions partitions,
      Dispatch dispatch,
      Recorder recorder,
      Ownership ownership,
      Live<Settings> settings) {
    this.consumer = consumer;
    this.partitions = partitions;
    this.dispatch = dispatch;
    this.recorder = recorder;
    this.ownership = ownership;
    this.suspects =
        new Suspects(
            (partition, next) -> partitions.name(consumer, partition, next),
            dispatch::add,
            dispatch::isHeld,
            recorder::quarantine);
    this.revokeBudget = settings.get().worker().drainBudget();
    this.settings = settings;
    this.followed = settings.get();
  }

  void start() {
    thread.start();
  }

  /** True once the group has given this worker its part, be it none. */
  boolean hasJoined() {
    return joined;
  }

  boolean isAlive() {
    return thread.isAlive();
  }

  /** Stops taking; commits what is done; leaves the group. Call after the connections have drained. */
  void close() {
    stopping = true;
    try {
      thread.join(Duration.ofSeconds(20));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** From now on nothing new is taken; what is in flight goes on. */
  void pauseForGood() {
    partitions.takeNoMore();
  }

  @Override
  public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
    joined = true;
    if (!assigned.isEmpty() && !stopping) {
      LOG.info("taking over {} lane partitions", assigned.size());
      takeOver();
    }
    dispatch.owns(partitions.all());
  }

  @Override
  public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
    if (revoked.isEmpty()) {
      return;
    }
    LOG.info("giving up {} lane partitions", revoked.size());
    List<OwnedPartition> leaving = partitions.disown(revoked);
    dispatch.owns(partitions.all());
    long deadlineNanos = System.nanoTime() + revokeBudget.toNanos();
    partitions.awaitRecorded(leaving, revokeBudget);
    try {
      partitions.letGo(consumer, leaving);
    } catch (KafkaException e) {
      LOG.warn(
          "could not commit what was given up; the ledger tells the next owner: {}",
          e.getMessage());
    }
    awaitSurplusClosed(Duration.ofNanos(Math.max(1, deadlineNanos - System.nanoTime())));
  }

  /** The next owner opens connections of its own as soon as this returns. */
  private void awaitSurplusClosed(Duration within) {
    try {
      if (!dispatch.awaitSurplusClosed(within)) {
        LOG.warn("connections beyond this worker's part of a cap are still ending a transaction");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void onPartitionsLost(Collection<TopicPartition> lost) {
    LOG.warn(
        "lost {} lane partitions to another worker; nothing more is sent for them", lost.size());
    partitions.lose(lost);
    dispatch.owns(partitions.all());
  }

  private void run() {
    subscribe();
    while (!stopping) {
      try {
        pollOnce();
      } catch (InvalidOffsetException e) {
        LOG.error(
            "the position in {} is gone from the topic; starting at its beginning, the ledger tells what is done",
            e.partitions());
        partitions.lose(e.partitions());
        partitions.takeOverFromBeginning(consumer, e.partitions());
      } catch (WakeupException | InterruptException e) {
        break;
      } catch (KafkaException e) {
        LOG.warn("cannot poll the lanes: {}; trying again", e.getMessage());
      }
    }
    partitions.awaitRecorded(partitions.owned(), LAST_COMMIT);
    try {
      partitions.letGoOfAll(consumer, LAST_COMMIT);
    } catch (KafkaException e) {
      LOG.warn("could not commit at the end; the ledger tells the next owner: {}", e.getMessage());
    }
    consumer.close(CloseOptions.timeout(Duration.ofSeconds(5)));
  }

  /** A failure here leaves partitions paused and is tried again before each poll. */
  private void takeOver() {
    try {
      if (partitions.takeOverAssigned(consumer)) {
        // Nothing is sent for them before the group has answered their new owner.
        nextCommitNanos = System.nanoTime();
        nextConfirmNanos = nextCommitNanos;
      }
    } catch (KafkaException e) {
      LOG.warn("cannot take over lane partitions yet: {}", e.getMessage());
    }
  }

  private void pollOnce() {
    followConfiguration();
    takeOver();
    ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
    for (ConsumerRecord<byte[], byte[]> record : records) {
      partitions
          .find(new TopicPartition(record.topic(), record.partition()))
          .ifPresent(owned -> take(owned, record));
    }
    partitions.notePositions(consumer);
    suspects.release(partitions.owned());
    partitions.pauseAndResume(consumer, IN_FLIGHT_PER_PARTITION_MAX, IN_FLIGHT_BYTES_MAX);
    long now = System.nanoTime();
    if (now - nextBacklogNanos >= 0) {
      nextBacklogNanos = now + BACKLOG_EVERY.toNanos();
      dispatch.backlog(partitions.backlog(consumer));
    }
    noteReturnedEnds(now);
    commitNow(System.nanoTime());
  }

  private void followConfiguration() {
    Settings current = settings.get();
    if (!current.equals(followed)) {
      boolean slotsDiffer = !scarceSlots(current).equals(scarceSlots(followed));
      followed = current;
      dispatch.follow(current);
      subscribe();
      if (slotsDiffer) {
        consumer.enforceRebalance("servers allow another number of connections");
      }
      dispatch.owns(partitions.all());
    }
  }

  private static Map<String, LaneSlots> scarceSlots(Settings settings) {
    return LaneSlots.scarce(settings, settings.kafka().partitions());
  }

  private void noteReturnedEnds(long now) {
    if (now - nextReturnedEndNanos < 0) {
      return;
    }
    nextReturnedEndNanos = now + RETURNED_END_EVERY.toNanos();
    try {
      partitions.noteReturnedEnds(consumer, RETURNED_END_WAIT);
    } catch (TimeoutException later) {
      LOG.debug("the end of {} is not known now: {}", Topics.RETURNED, later.getMessage());
    }
  }

  private void commitNow(long now) {
    if (now - nextCommitNanos < 0) {
      return;
    }
    nextCommitNanos = now + COMMIT_EVERY.toNanos();
    boolean sent =
        now - nextConfirmNanos >= 0
            ? partitions.commitAllAsync(consumer, () -> ownership.confirmed(now))
            : partitions.commitAsync(consumer, () -> ownership.confirmed(now));
    if (sent) {
      nextConfirmNanos = now + CONFIRM_EVERY.toNanos();
    }
  }

  private void take(OwnedPartition owned, ConsumerRecord<byte[], byte[]> record) {
    owned.offsets().taken(record.offset(), record.value() == null ? 0 : record.value().length);
    Headers headers = KafkaHeaders.from(record.headers());
    MessageFacts facts;
    Assignment assignment;
    try {
      if (record.value() == null) {
        throw new IllegalArgumentException("the record has no value");
      }
      facts = FactsCodec.facts(headers);
      assignment = FactsCodec.assignment(headers);
    } catch (IllegalArgumentException e) {
      quarantine(owned, record, headers, String.valueOf(e.getMessage()));
      return;
    }
    Optional<MessageFacts> open = unfinished(facts, owned.ledger().finishedAt(record.offset()));
    Delivery delivery =
        new Delivery(
            owned, record.offset(), open.orElse(facts), assignment, trace(headers), record.value());
    Runnable finished = open.isEmpty() ? () -> owned.finished(record.offset()) : () -> {};
    Set<String> unlisted = owned.ledger().unlistedAt(record.offset());
    if (unlisted.isEmpty()) {
      finished.run();
    } else {
      recorder.list(delivery, unlisted, finished);
    }
    if (open.isPresent()) {
      owned.leftInHand().taken(record.offset());
      suspects.take(delivery);
    }
  }

  /** With the recipients whose outcome of this very attempt is not recorded yet. */
  private static Optional<MessageFacts> unfinished(MessageFacts facts, Set<String> finished) {
    if (finished.isEmpty()) {
      return Optional.of(facts);
    }
    List<String> open = new ArrayList<>(facts.envelope().forwardPaths());
    open.removeAll(finished);
    return open.isEmpty()
        ? Optional.empty()
        : Optional.of(facts.withEnvelope(facts.envelope().withForwardPaths(open)));
  }

  private void quarantine(
      OwnedPartition owned, ConsumerRecord<byte[], byte[]> record, Headers headers, String why) {
    String where = record.topic() + "-" + record.partition() + "@" + record.offset();
    LOG.warn("unreadable record at {}: {}; kept in {}", where, why, Topics.REJECTED);
    List<Headers.Header> marked = new ArrayList<>(headers.all());
    marked.add(Headers.Header.of(HeaderNames.REASON, where + ": " + why));
    recorder.reject(
        new ProducerRecord<>(
            Topics.REJECTED,
            record.partition(),
            record.key(),
            record.value(),
            KafkaHeaders.to(new Headers(marked))),
        () -> owned.finished(record.offset()));
  }

  private static Headers trace(Headers headers) {
    List<Headers.Header> found = new ArrayList<>(0);
    for (Headers.Header header : headers.all()) {
      if (header.name().equals(HeaderNames.TRACEPARENT)
          || header.name().equals(HeaderNames.TRACESTATE)) {
        found.add(header);
      }
    }
    return found.isEmpty() ? Headers.NONE : new Headers(found);
  }

  /** To the lanes of the configuration, and to those it has no longer as long as they may have mail. */
  private void subscribe() {
    if (lanes.isEmpty()) {
      lanes.addAll(partitions.lanesWithMail(consumer));
    }
    for (RouteSettings route : followed.routes().values()) {
      route.serversInOrder().forEach(server -> lanes.add(Topics.lane(route.id(), server)));
    }
    consumer.subscribe(lanes, this);
  }
}
