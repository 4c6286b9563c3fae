package io.tandemmail.router.life;

import io.tandemmail.model.doubt.InDoubtPolicy;
import io.tandemmail.model.doubt.Resolution;
import io.tandemmail.model.outcome.Outcome;
import io.tandemmail.model.outcome.OutcomeMark;
import io.tandemmail.model.outcome.OutcomeType;
import io.tandemmail.model.retry.RetrySchedule;
import io.tandemmail.model.settings.RouteSettings;
import io.tandemmail.model.settings.RouteSettings.Dsn;
import io.tandemmail.model.submission.Assignment;
import io.tandemmail.model.submission.LastAttempt;
import io.tandemmail.model.submission.LastAttempt.Doubt;
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
import java.util.function.Function;

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
          Events.of(facts, OutcomeType.DUPLICATE, "this id was accepted before", now),
          Counted.NONE);
    }
    MessageState state = MessageState.admitted(facts, now);
    List<Emission> emissions = new ArrayList<>(Events.of(facts, OutcomeType.ACCEPTED, "", now));
    Placement placement = place(facts, around, now, LastAttempt.NONE);
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
    return HeldMail.with(facts, state.spokenForBy(facts))
        .map(open ->
            onward(
                state,
                open,
                returned.last(),
                now,
                rest -> placeReturned(rest, returned, around, now)))
        .orElse(Decision.NOTHING);
  }

  /**
   * Its time in the schedule has come.
   *
   * @param last what the last attempt says about the next one
   */
  public Decision due(
      MessageFacts facts,
      LastAttempt last,
      Optional<MessageState> known,
      Surroundings around,
      Instant now) {
    MessageState state = known.orElseGet(() -> MessageState.admitted(facts, now));
    return HeldMail.with(facts, state.open(facts))
        .map(open -> onward(state, open, last, now, rest -> place(rest, around, now, last)))
        .orElse(Decision.NOTHING);
  }

  /**
   * An operator has said what became of recipients that are held. What is not held, or not any more, is left as it is: so a
   * resolution that comes twice, or too late, ends nobody a second time (I1).
   *
   * @param held the entry of the schedule in which they wait, taken out of it
   */
  public Decision resolved(
      Held held, Resolution resolution, MessageState state, Surroundings around, Instant now) {
    return HeldMail.with(held.facts(), state.open(held.facts()))
        .map(open -> {
          List<String> settled = state.heldAmong(open, resolution.recipients());
          Decision rest = stillHeld(HeldMail.without(open, settled), held, state);
          return HeldMail.only(open, settled)
              .map(facts -> rest.and(it -> settle(it, facts, held, resolution, around, now)))
              .orElse(rest);
        })
        .orElse(Decision.NOTHING);
  }

  /**
   * After a power loss. The message goes on for the recipients that have no final outcome, from its first attempt; whom its route
   * holds in doubt is held again.
   */
  public Decision recovered(
      Recovered message, Optional<MessageState> known, Surroundings around, Instant now) {
    MessageState found = message.state();
    if (known.isPresent() && stillRemembered(known.get(), now)) {
      return Decision.NOTHING;
    }
    if (found.ended()) {
      Counted counted =
          found.deliveredToAll() ? Counted.ACCEPTED_AND_DELIVERED : Counted.ACCEPTED_AND_FAILED;
      return new Decision(Optional.of(found), List.of(), counted);
    }
    LastAttempt last = message.last();
    return message
        .facts()
        .flatMap(all -> HeldMail.with(all, found.open(all)))
        .map(open -> onward(found, open, last, now, them -> place(them, around, now, last)))
        .map(onward -> new Decision(onward.state(), onward.emissions(), Counted.ACCEPTED))
        .orElse(Decision.NOTHING);
  }

  private static Decision stillHeld(Optional<MessageFacts> others, Held held, MessageState state) {
    List<Emission> again =
        others
            .map(facts -> List.of(new HeldMail(facts, held.doubt(), held.until()).again()))
            .orElse(List.of());
    return new Decision(Optional.of(state), again, Counted.NONE);
  }

  /** An entry of the schedule that holds recipients in doubt. */
  public record Held(MessageFacts facts, Doubt doubt, Instant until) {}

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
   * @param last what the attempt says about the next one
   */
  public record Return(ReturnReason reason, Optional<Instant> notBefore, LastAttempt last) {
    public Return(ReturnReason reason, Optional<Instant> notBefore) {
      this(reason, notBefore, LastAttempt.NONE);
    }
  }

  private record Placement(Place place, List<Emission> emissions) {}

  /** Whom the route holds in doubt waits; the others go on. */
  private Decision onward(
      MessageState state,
      MessageFacts open,
      LastAttempt last,
      Instant now,
      Function<MessageFacts, Placement> place) {
    RouteSettings route = routes.get(open.route());
    Optional<HeldMail> held =
        route == null ? Optional.empty() : HeldMail.of(open, last, route, now);
    if (held.isEmpty()) {
      return placed(state, open, place.apply(open));
    }
    HeldMail hold = held.get();
    Decision waits =
        new Decision(
            Optional.of(state.held(hold.until(), hold.facts())), hold.emissions(now), Counted.NONE);
    return hold.others(open)
        .map(rest -> waits.and(it -> placed(it, rest, place.apply(rest))))
        .orElse(waits);
  }

  private static Decision placed(MessageState state, MessageFacts facts, Placement placement) {
    return new Decision(
        Optional.of(state.placed(placement.place(), facts)), placement.emissions(), Counted.NONE);
  }

  private Placement placeReturned(
      MessageFacts facts, Return returned, Surroundings around, Instant now) {
    return switch (returned.reason()) {
      case DEFERRED ->
          due(facts, returned, now)
              .map(due -> schedule(facts, due, returned.last()))
              .orElseGet(() -> place(facts, around, now, returned.last()));
      case REROUTED ->
          facts.hops() > HOPS_FREE
              ? schedule(facts, now.plus(hopWait(facts.hops() - HOPS_FREE)), returned.last())
              : place(facts, around, now, returned.last());
      case EXPIRED -> expire(facts, now);
      case QUARANTINED -> reject(facts, now);
      case HOME, RESOLVED, RECOVERED -> place(facts, around, now, LastAttempt.NONE);
    };
  }

  private Decision settle(
      MessageState state,
      MessageFacts facts,
      Held held,
      Resolution resolution,
      Surroundings around,
      Instant now) {
    List<Emission> emissions = new ArrayList<>(HeldMail.resolved(facts, resolution, now));
    Placement placement =
        switch (resolution.as()) {
          case DELIVERED -> new Placement(new Place.Ending(), List.of());
          case FAILED -> new Placement(new Place.Ending(), report(facts, resolution, now));
          case RESEND ->
              place(
                  facts, around, now, new LastAttempt(Optional.empty(), Optional.of(held.doubt())));
        };
    emissions.addAll(placement.emissions());
    return placed(state, facts, new Placement(placement.place(), emissions));
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

  private Placement place(MessageFacts facts, Surroundings around, Instant now, LastAttempt last) {
    RouteSettings route = routes.get(facts.route());
    if (route == null) {
      return schedule(facts, now.plus(UNKNOWN_ROUTE_WAIT), last);
    }
    if (!now.isBefore(RetrySchedule.deadline(route.retry(), facts))) {
      return expire(facts, now);
    }
    if (facts.sendAt().filter(now::isBefore).isPresent()) {
      return schedule(facts, facts.sendAt().get(), last);
    }
    return facts.attempt() == 0
        ? placeUnsuppressed(facts, route, around, now, last)
        : placeInLane(facts, route, around.health(), last);
  }

  /** Before anybody is tried; who was tried once is no stranger to the server any more. */
  private static Placement placeUnsuppressed(
      MessageFacts facts, RouteSettings route, Surroundings around, Instant now, LastAttempt last) {
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
    Placement lane = placeInLane(rest, route, around.health(), last);
    emissions.addAll(lane.emissions());
    return new Placement(lane.place(), emissions);
  }

  private static Placement placeInLane(
      MessageFacts facts, RouteSettings route, HealthView health, LastAttempt last) {
    Assignment assignment = assignment(facts, route, health, last);
    return new Placement(
        new Place.Lane(assignment.server()), List.of(new Emission.ToLane(facts, assignment)));
  }

  private static Assignment assignment(
      MessageFacts facts, RouteSettings route, HealthView health, LastAttempt last) {
    return last.doubt()
        .filter(doubt -> route.inDoubt() != InDoubtPolicy.RESEND)
        .filter(doubt -> HeldMail.only(facts, doubt.recipients()).isPresent())
        .map(doubt -> ServerChoice.again(route, facts.id(), health, doubt.server()))
        .orElseGet(() -> ServerChoice.choose(route, facts.id(), health, last.avoid()));
  }

  private static Emission suppressed(
      MessageFacts facts, String recipient, Suppression entry, Instant now) {
    String reason = entry.source().wireName() + ": " + entry.reason();
    return new Emission.Event(Events.one(facts, recipient, OutcomeType.SUPPRESSED, reason, now));
  }

  private static Placement schedule(MessageFacts facts, Instant due, LastAttempt last) {
    return new Placement(
        new Place.Scheduled(due), List.of(new Emission.ToSchedule(facts, due, last)));
  }

  private Placement expire(MessageFacts facts, Instant now) {
    Duration age = Duration.between(facts.submittedAt(), now);
    String reason =
        "not delivered within its time, age " + age.toSeconds() + " s, attempts " + facts.attempt();
    List<Emission> emissions = new ArrayList<>(Events.of(facts, OutcomeType.EXPIRED, reason, now));
    emissions.addAll(
        reported(facts, it -> Events.one(facts, it, OutcomeType.EXPIRED, reason, now)));
    return new Placement(new Place.Ending(), emissions);
  }

  /** It goes to {@code mail.rejected} with its bytes; nobody sends it again. */
  private Placement reject(MessageFacts facts, Instant now) {
    String reason = "in hand when its worker died, three times: quarantined";
    List<Emission> emissions = new ArrayList<>();
    emissions.add(new Emission.Reject(facts, reason));
    emissions.addAll(Events.of(facts, OutcomeType.REJECTED, reason, now));
    emissions.addAll(
        reported(facts, it -> Events.one(facts, it, OutcomeType.REJECTED, reason, now)));
    return new Placement(new Place.Ending(), emissions);
  }

  private List<Emission> report(MessageFacts facts, Resolution resolution, Instant now) {
    return reported(facts, it -> HeldMail.ended(facts, it, OutcomeType.BOUNCED, resolution, now));
  }

  /** The sender is told of what did not arrive, where the route says so. */
  private List<Emission> reported(MessageFacts facts, Function<String, Outcome> failure) {
    RouteSettings route = routes.get(facts.route());
    return route != null && route.bounces().dsn() == Dsn.FAILURES
        ? List.of(
            new Emission.Report(
                facts, facts.envelope().forwardPaths().stream().map(failure).toList()))
        : List.of();
  }

  private static Duration hopWait(int surplus) {
    Duration grown = Duration.ofSeconds(1L << Math.min(surplus, 10));
    return grown.compareTo(HOP_WAIT_MAX) > 0 ? HOP_WAIT_MAX : grown;
  }
}
