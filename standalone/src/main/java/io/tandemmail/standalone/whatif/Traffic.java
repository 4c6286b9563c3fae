package io.tandemmail.standalone.whatif;

import io.tandemmail.model.outcome.Outcome;
import io.tandemmail.model.outcome.Outcome.LanePosition;
import io.tandemmail.model.outcome.OutcomeType;
import io.tandemmail.model.wire.Topics.Lane;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Folds outcomes, in the order of each partition, into what arrived and what was really delivered. Outcomes are of
 * recipients, figures of messages: the events of one message that belong together are counted once.
 */
public final class Traffic {
  /** Outcomes of one attempt stand close together; what is further apart than this belongs to other attempts. */
  private static final int ATTEMPTS_REMEMBERED = 4096;

  private static final Comparator<Lane> BY_NAME =
      Comparator.comparing(Lane::route).thenComparing(Lane::server);

  private final Window window;
  private final Consumer<Arrival> arrivals;
  private final Map<Integer, Admitted> latest = new HashMap<>();
  private final Map<LanePartition, Set<Long>> attempts = new HashMap<>();
  private final SortedMap<Lane, Delivered> delivered = new TreeMap<>(BY_NAME);
  private Optional<Instant> first = Optional.empty();
  private long furtherAttempts;

  /** A message that was accepted. */
  public record Arrival(Instant at, String id, String route) {}

  /**
   * What a server really took.
   *
   * @param longestWait from submission to the reply, of first attempts
   */
  public record Delivered(long messages, Duration longestWait) {
    public static final Delivered NOTHING = new Delivered(0, Duration.ZERO);
  }

  private record Admitted(Arrival arrival, int recipients, int suppressed) {}

  private record LanePartition(Lane lane, int partition, OutcomeType type) {}

  public Traffic(Window window, Consumer<Arrival> arrivals) {
    this.window = window;
    this.arrivals = arrivals;
  }

  /**
   * @param partition of {@code mail.outcomes}
   */
  public void note(int partition, Outcome outcome) {
    if (!window.contains(outcome.at())) {
      return;
    }
    if (first.isEmpty() || outcome.at().isBefore(first.get())) {
      first = Optional.of(outcome.at());
    }
    switch (outcome.type()) {
      case ACCEPTED -> accepted(partition, outcome);
      case SUPPRESSED ->
          latest.computeIfPresent(
              partition,
              (p, known) ->
                  known.arrival.id().equals(outcome.id())
                      ? new Admitted(known.arrival, known.recipients, known.suppressed + 1)
                      : known);
      case DELIVERED -> outcome.lane().ifPresent(lane -> delivered(outcome, lane));
      case DEFERRED, BOUNCED -> outcome.lane().ifPresent(lane -> tried(outcome, lane));
      case EXPIRED,
          REJECTED,
          REROUTED,
          DUPLICATE,
          IN_DOUBT,
          HELD,
          RESOLVED,
          LATE_BOUNCED,
          COMPLAINED -> {}
    }
  }

  /** Nothing more comes. */
  public void end() {
    latest.values().forEach(this::arrive);
    latest.clear();
  }

  /** The earliest event of the window. */
  public Optional<Instant> first() {
    return first;
  }

  public SortedMap<Lane, Delivered> delivered() {
    return delivered;
  }

  /** Second and later attempts, which come on top of what arrived. */
  public long furtherAttempts() {
    return furtherAttempts;
  }

  /** The router appends all accepted events of a message in a row, and the suppressed ones before it admits another. */
  private void accepted(int partition, Outcome outcome) {
    Admitted known = latest.get(partition);
    if (known != null && known.arrival.id().equals(outcome.id())) {
      latest.put(partition, new Admitted(known.arrival, known.recipients + 1, known.suppressed));
      return;
    }
    if (known != null) {
      arrive(known);
    }
    Arrival arrival = new Arrival(outcome.at(), outcome.id(), outcome.route());
    latest.put(partition, new Admitted(arrival, 1, 0));
  }

  /** A message that goes to nobody is no load for any server. */
  private void arrive(Admitted message) {
    if (message.suppressed < message.recipients) {
      arrivals.accept(message.arrival);
    }
  }

  private void delivered(Outcome outcome, LanePosition position) {
    if (!firstOfItsAttempt(outcome, position)) {
      return;
    }
    countAttempt(outcome);
    Duration wait =
        outcome.attempt() <= 1
            ? Duration.between(outcome.submittedAt(), outcome.at())
            : Duration.ZERO;
    delivered.merge(
        new Lane(outcome.route(), position.server()),
        new Delivered(1, wait),
        (all, one) ->
            new Delivered(
                all.messages + one.messages,
                all.longestWait.compareTo(one.longestWait) >= 0
                    ? all.longestWait
                    : one.longestWait));
  }

  private void tried(Outcome outcome, LanePosition position) {
    if (firstOfItsAttempt(outcome, position)) {
      countAttempt(outcome);
    }
  }

  private void countAttempt(Outcome outcome) {
    if (outcome.attempt() > 1) {
      furtherAttempts++;
    }
  }

  private boolean firstOfItsAttempt(Outcome outcome, LanePosition position) {
    LanePartition of =
        new LanePartition(
            new Lane(outcome.route(), position.server()), position.partition(), outcome.type());
    Set<Long> recent = attempts.computeIfAbsent(of, key -> new LinkedHashSet<>());
    if (!recent.add(position.offset())) {
      return false;
    }
    if (recent.size() > ATTEMPTS_REMEMBERED) {
      recent.remove(recent.iterator().next());
    }
    return true;
  }
}
