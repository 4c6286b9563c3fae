package io.tandemmail.router.life;

import io.tandemmail.model.outcome.Outcome;
import io.tandemmail.model.outcome.OutcomeMark;
import io.tandemmail.model.outcome.OutcomeType;
import io.tandemmail.model.retry.RetrySchedule;
import io.tandemmail.model.settings.RouteSettings;
import io.tandemmail.model.settings.RouteSettings.Dsn;
import io.tandemmail.model.submission.Assignment;
import io.tandemmail.model.submission.MessageFacts;
import io.tandemmail.model.submission.ReturnReason;
import io.tandemmail.model.suppression.Suppression;
import io.tandemmail.router.choice.HealthView;
import io.tandemmail.router.choice.ServerChoice;
import io.tandemmail.router.life.Decision.Counted;
import io.tandemmail.router.life.Decision.Emission;
import io.tandemmail.router.life.MessageState.Place;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Every decision about one message: a pure function of its record, what is known of its id, health and time. */
public final class MessageLife {
  /** The same id again within this time is answered and not delivered again. */
  public static final Duration FIRST_SEEN_WINDOW = Duration.ofHours(24);

  /** More re-routings than this without an attempt, and each further one waits longer (docs/rules.md, 6). */
  static final int HOPS_FREE = 8;

  private static final Duration HOP_WAIT_MAX = Duration.ofMinutes(1);

  /** For mail of a route that is no longer configured: look again then, it may come back. */
  private static final Duration UNKNOWN_ROUTE_WAIT = Duration.ofMinutes(1);

  private final Map<String, RouteSettings> routes;

  public MessageLife(Map<String, RouteSettings> routes) {
    this.routes = Map.copyOf(routes);
  }

  /** A valid submission at its home partition. */
  public Decision admit(
      MessageFacts facts, Optional<MessageState> known, Surroundings around, Instant now) {
    if (known.isPresent() && stillRemembered(known.get(), now)) {
      return new Decision(
          Optional.empty(),
          events(facts, OutcomeType.DUPLICATE, "this id was accepted before", now),
          Counted.NONE);
    }
    MessageState state = MessageState.admitted(facts, now);
    List<Emission> emissions = new ArrayList<>(events(facts, OutcomeType.ACCEPTED, "", now));
    Placement placement = place(facts, around, now, Optional.empty());
    emissions.addAll(placement.emissions());
    return new Decision(
        Optional.of(state.placed(placement.place(), facts)), emissions, Counted.ACCEPTED);
  }

  /** A worker gave the message back: it goes on for the recipients that the record speaks for. */
  public Decision returned(
      MessageFacts facts,
      Return returned,
      Optional<MessageState> known,
      Surroundings around,
      Instant now) {
    MessageState state = known.orElseGet(() -> MessageState.admitted(facts.withAttempt(-1), now));
    return withRecipients(facts, state.spokenForBy(facts))
        .map(open -> placed(state, open, placeReturned(open, returned, around, now)))
        .orElse(Decision.NOTHING);
  }

  /**
   * Its time in the schedule has come.
   *
   * @param avoid the server whose fault the last attempt was
   */
  public Decision due(
      MessageFacts facts,
      Optional<String> avoid,
      Optional<MessageState> known,
      Surroundings around,
      Instant now) {
    MessageState state = known.orElseGet(() -> MessageState.admitted(facts, now));
    return withRecipients(facts, state.open(facts))
        .map(open -> placed(state, open, place(open, around, now, avoid)))
        .orElse(Decision.NOTHING);
  }

  /**
   * After a power loss: accepted before it, with these outcomes on disk ({@link Reconciliation}). It goes on for the
   * recipients that have no final one, from its first attempt.
   *
   * @param facts of the whole submission; empty when no recipient is open
   */
  public Decision recovered(
      MessageState found,
      Optional<MessageFacts> facts,
      Optional<MessageState> known,
      Surroundings around,
      Instant now) {
    if (known.isPresent() && stillRemembered(known.get(), now)) {
      return Decision.NOTHING;
    }
    if (found.ended()) {
      Counted counted =
          found.deliveredToAll() ? Counted.ACCEPTED_AND_DELIVERED : Counted.ACCEPTED_AND_FAILED;
      return new Decision(Optional.of(found), List.of(), counted);
    }
    return facts
        .flatMap(all -> withRecipients(all, found.open(all)))
        .map(open -> {
          Placement placement = place(open, around, now, Optional.empty());
          return new Decision(
              Optional.of(found.placed(placement.place(), open)),
              placement.emissions(),
              Counted.ACCEPTED);
        })
        .orElse(Decision.NOTHING);
  }

  /** An outcome was recorded at this offset of the home partition. */
  public Decision recorded(OutcomeMark outcome, long offset, Optional<MessageState> known) {
    if (known.isEmpty() || !changes(outcome.type())) {
      return Decision.NOTHING;
    }
    MessageState before = known.get();
    MessageState after = before.withOutcome(outcome.recipient(), outcome.type(), offset);
    Counted counted =
        before.ended() || !after.ended()
            ? Counted.NONE
            : after.deliveredToAll() ? Counted.DELIVERED : Counted.FAILED;
    return new Decision(Optional.of(after), List.of(), counted);
  }

  /** False for outcomes that the router itself wrote when it took the message in: what they say it knows. */
  public static boolean changes(OutcomeType type) {
    return type != OutcomeType.ACCEPTED && type != OutcomeType.DUPLICATE;
  }

  /** True while the id of an ended message must still be known. */
  public static boolean stillRemembered(MessageState state, Instant now) {
    return !state.ended() || state.firstSeen().plus(FIRST_SEEN_WINDOW).isAfter(now);
  }

  /**
   * Why and until when a worker gave a message back.
   *
   * @param avoid the server whose fault the attempt was
   */
  public record Return(ReturnReason reason, Optional<Instant> notBefore, Optional<String> avoid) {
    public Return(ReturnReason reason, Optional<Instant> notBefore) {
      this(reason, notBefore, Optional.empty());
    }
  }

  private record Placement(Place place, List<Emission> emissions) {}

  private static Decision placed(MessageState state, MessageFacts facts, Placement placement) {
    return new Decision(
        Optional.of(state.placed(placement.place(), facts)), placement.emissions(), Counted.NONE);
  }

  private Placement placeReturned(
      MessageFacts facts, Return returned, Surroundings around, Instant now) {
    return switch (returned.reason()) {
      case DEFERRED ->
          due(facts, returned, now)
              .map(due -> schedule(facts, due, returned.avoid()))
              .orElseGet(() -> place(facts, around, now, returned.avoid()));
      case REROUTED ->
          facts.hops() > HOPS_FREE
              ? schedule(facts, now.plus(hopWait(facts.hops() - HOPS_FREE)), Optional.empty())
              : place(facts, around, now, Optional.empty());
      case EXPIRED -> expire(facts, now);
      case HOME, RECOVERED -> place(facts, around, now, Optional.empty());
    };
  }

  /** When to place what was deferred; empty: now. */
  private Optional<Instant> due(MessageFacts facts, Return returned, Instant now) {
    RouteSettings route = routes.get(facts.route());
    return returned
        .notBefore()
        .map(asked ->
            route == null ? asked : RetrySchedule.believed(route.retry(), facts, asked, now))
        .filter(now::isBefore);
  }

  private Placement place(
      MessageFacts facts, Surroundings around, Instant now, Optional<String> avoid) {
    RouteSettings route = routes.get(facts.route());
    if (route == null) {
      return schedule(facts, now.plus(UNKNOWN_ROUTE_WAIT), avoid);
    }
    if (!now.isBefore(RetrySchedule.deadline(route.retry(), facts))) {
      return expire(facts, now);
    }
    if (facts.sendAt().filter(now::isBefore).isPresent()) {
      return schedule(facts, facts.sendAt().get(), avoid);
    }
    return facts.attempt() == 0
        ? placeUnsuppressed(facts, route, around, now)
        : placeInLane(facts, route, around.health(), avoid);
  }

  /** Before anybody is tried; who was tried once is no stranger to the server any more. */
  private static Placement placeUnsuppressed(
      MessageFacts facts, RouteSettings route, Surroundings around, Instant now) {
    List<Emission> emissions = new ArrayList<>();
    List<String> others = new ArrayList<>();
    for (String recipient : facts.envelope().forwardPaths()) {
      around
          .suppressions()
          .of(recipient)
          .ifPresentOrElse(
              entry -> emissions.add(suppressed(facts, recipient, entry, now)),
              () -> others.add(recipient));
    }
    if (others.isEmpty()) {
      return new Placement(new Place.Ending(), emissions);
    }
    MessageFacts rest = facts.withEnvelope(facts.envelope().withForwardPaths(others));
    Placement lane = placeInLane(rest, route, around.health(), Optional.empty());
    emissions.addAll(lane.emissions());
    return new Placement(lane.place(), emissions);
  }

  private static Placement placeInLane(
      MessageFacts facts, RouteSettings route, HealthView health, Optional<String> avoid) {
    Assignment assignment = ServerChoice.choose(route, facts.id(), health, avoid);
    return new Placement(
        new Place.Lane(assignment.server()), List.of(new Emission.ToLane(facts, assignment)));
  }

  private static Emission suppressed(
      MessageFacts facts, String recipient, Suppression entry, Instant now) {
    String reason = entry.source().wireName() + ": " + entry.reason();
    return new Emission.Event(event(facts, recipient, OutcomeType.SUPPRESSED, reason, now));
  }

  private static Placement schedule(MessageFacts facts, Instant due, Optional<String> avoid) {
    return new Placement(
        new Place.Scheduled(due), List.of(new Emission.ToSchedule(facts, due, avoid)));
  }

  private Placement expire(MessageFacts facts, Instant now) {
    Duration age = Duration.between(facts.submittedAt(), now);
    String reason =
        "not delivered within its time, age " + age.toSeconds() + " s, attempts " + facts.attempt();
    List<Emission> emissions = new ArrayList<>(events(facts, OutcomeType.EXPIRED, reason, now));
    RouteSettings route = routes.get(facts.route());
    if (route != null && route.bounces().dsn() == Dsn.FAILURES) {
      List<Outcome> failures =
          facts.envelope().forwardPaths().stream()
              .map(recipient -> event(facts, recipient, OutcomeType.EXPIRED, reason, now))
              .toList();
      emissions.add(new Emission.Report(facts, failures));
    }
    return new Placement(new Place.Ending(), emissions);
  }

  private static Duration hopWait(int surplus) {
    Duration grown = Duration.ofSeconds(1L << Math.min(surplus, 10));
    return grown.compareTo(HOP_WAIT_MAX) > 0 ? HOP_WAIT_MAX : grown;
  }

  private static Optional<MessageFacts> withRecipients(
      MessageFacts facts, List<String> recipients) {
    return recipients.isEmpty()
        ? Optional.empty()
        : Optional.of(facts.withEnvelope(facts.envelope().withForwardPaths(recipients)));
  }

  private static List<Emission> events(
      MessageFacts facts, OutcomeType type, String reason, Instant now) {
    List<Emission> events = new ArrayList<>();
    for (String recipient : facts.envelope().forwardPaths()) {
      events.add(new Emission.Event(event(facts, recipient, type, reason, now)));
    }
    return events;
  }

  private static Outcome event(
      MessageFacts facts, String recipient, OutcomeType type, String reason, Instant now) {
    return new Outcome(
        facts.id(),
        facts.route(),
        recipient,
        type,
        facts.attempt(),
        Optional.empty(),
        Optional.empty(),
        reason.isEmpty() ? Optional.empty() : Optional.of(reason),
        now,
        facts.submittedAt(),
        facts.metadata());
  }
}
