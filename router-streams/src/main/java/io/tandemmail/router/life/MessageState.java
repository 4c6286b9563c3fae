package io.tandemmail.router.life;

import io.tandemmail.model.outcome.OutcomeType;
import io.tandemmail.model.submission.MessageFacts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What the router remembers of an id.
 *
 * <p>Each recipient that has not ended travels in one record: in a lane, in the schedule, or on its way back. A worker that
 * gives a record back counts one attempt or one hop up, so the sum of both, a record's <em>moves</em>, grows by one with
 * each return, and the record that carries a recipient on is the one with the moves it was last placed with.
 *
 * <p>So a returned record speaks for those of its recipients that have not ended and were last placed with fewer moves
 * than it has; the others travel in another record by now, and are dropped from it, never the whole record. Otherwise a
 * return that carried some of an attempt's recipients, and whose outcomes were never recorded, would make the record that
 * still carries the rest look like a repetition (I1).
 *
 * @param submittedAt when its record was appended to {@code mail.submitted}
 * @param firstSeen when it was admitted; the id is refused as a duplicate for 24 hours from here
 * @param attempt and {@code hops}: the highest placement of any of its recipients
 * @param place where it was last put; where recipients travel apart, the last of these
 * @param recipients in envelope order, with the last outcome and the last placement of each
 * @param events offsets of its outcomes in the home partition of {@code mail.outcomes}, the latest {@value #EVENTS_MAX}
 */
public record MessageState(
    String route,
    Instant submittedAt,
    Instant firstSeen,
    int attempt,
    int hops,
    Place place,
    List<RecipientState> recipients,
    List<Long> events) {

  static final int EVENTS_MAX = 32;

  public MessageState {
    recipients = List.copyOf(recipients);
    events = List.copyOf(events);
  }

  /** Where the message was last put. */
  public sealed interface Place {
    /** In the lane of a server. */
    record Lane(String server) implements Place {}

    /** In the router's schedule. */
    record Scheduled(Instant due) implements Place {}

    /** Nowhere any more: the router itself is about to end it. */
    record Ending() implements Place {}
  }

  /**
   * One recipient.
   *
   * @param last outcome known for it; {@code ACCEPTED} before the first attempt
   * @param moves of the record that carries it; 0 once it has ended and nothing does
   * @param heldUntil where it waits in doubt for an operator: when its entry of the schedule is due
   */
  public record RecipientState(
      String address, OutcomeType last, int moves, Optional<Instant> heldUntil) {
    public RecipientState {
      moves = last.isFinal() ? 0 : moves;
      heldUntil = last.isFinal() ? Optional.empty() : heldUntil;
    }

    /** One that is not held. */
    public RecipientState(String address, OutcomeType last, int moves) {
      this(address, last, moves, Optional.empty());
    }
  }

  static MessageState admitted(MessageFacts facts, Instant now) {
    List<RecipientState> recipients =
        facts.envelope().forwardPaths().stream()
            .map(address -> new RecipientState(address, OutcomeType.ACCEPTED, moves(facts)))
            .toList();
    return new MessageState(
        facts.route(),
        facts.submittedAt(),
        now,
        facts.attempt(),
        facts.hops(),
        new Place.Ending(),
        recipients,
        List.of());
  }

  public boolean ended() {
    return recipients.stream().allMatch(recipient -> recipient.last().isFinal());
  }

  public boolean deliveredToAll() {
    return recipients.stream().allMatch(recipient -> recipient.last() == OutcomeType.DELIVERED);
  }

  /** The recipients of these that still wait for a final outcome. One this state does not know is kept. */
  List<String> open(MessageFacts facts) {
    return those(facts, known -> !known.last().isFinal());
  }

  /** Those of a returned record that it speaks for. One this state does not know is in no other record. */
  List<String> spokenForBy(MessageFacts returned) {
    return those(returned, known -> !known.last().isFinal() && known.moves() < moves(returned));
  }

  private List<String> those(MessageFacts facts, Predicate<RecipientState> kept) {
    Set<String> addresses = new LinkedHashSet<>(facts.envelope().forwardPaths());
    for (RecipientState known : recipients) {
      if (!kept.test(known)) {
        addresses.remove(known.address());
      }
    }
    return List.copyOf(addresses);
  }

  /** Which of these recipients are held, and among those named; all of them where nobody is. */
  List<String> heldAmong(MessageFacts facts, List<String> named) {
    Set<String> wanted = Set.copyOf(named.isEmpty() ? facts.envelope().forwardPaths() : named);
    Set<String> here = Set.copyOf(facts.envelope().forwardPaths());
    return recipients.stream()
        .filter(known -> known.heldUntil().isPresent())
        .map(RecipientState::address)
        .filter(address -> here.contains(address) && wanted.contains(address))
        .toList();
  }

  /** When the entries of the schedule are due that hold recipients of this message. */
  public Set<Instant> heldUntil() {
    return recipients.stream()
        .flatMap(recipient -> recipient.heldUntil().stream())
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /** The recipients of these facts wait in the schedule until then, or until an operator says. */
  MessageState held(Instant until, MessageFacts facts) {
    MessageState waiting = placed(new Place.Scheduled(until), facts);
    Set<String> held = Set.copyOf(facts.envelope().forwardPaths());
    return waiting.withRecipients(
        waiting.recipients().stream()
            .map(it ->
                held.contains(it.address())
                    ? new RecipientState(it.address(), it.last(), it.moves(), Optional.of(until))
                    : it)
            .toList());
  }

  /** The recipients of these facts are there now; the others stay where they are. */
  MessageState placed(Place next, MessageFacts facts) {
    Set<String> strangers = new LinkedHashSet<>(facts.envelope().forwardPaths());
    List<RecipientState> carried = new ArrayList<>(recipients.size());
    for (RecipientState known : recipients) {
      carried.add(
          strangers.remove(known.address())
              ? new RecipientState(known.address(), known.last(), moves(facts))
              : known);
    }
    strangers.forEach(
        address -> carried.add(new RecipientState(address, OutcomeType.ACCEPTED, moves(facts))));
    boolean highest =
        facts.attempt() > attempt || (facts.attempt() == attempt && facts.hops() >= hops);
    return new MessageState(
        route,
        submittedAt,
        firstSeen,
        highest ? facts.attempt() : attempt,
        highest ? facts.hops() : hops,
        next,
        carried,
        events);
  }

  /** How often a worker has given this record back. */
  private static int moves(MessageFacts facts) {
    return facts.attempt() + facts.hops();
  }

  MessageState withRecipients(List<RecipientState> next) {
    return new MessageState(route, submittedAt, firstSeen, attempt, hops, place, next, events);
  }

  MessageState withOutcome(String recipient, OutcomeType type, long offset) {
    List<RecipientState> next = new ArrayList<>(recipients);
    next.replaceAll(known ->
        known.address().equals(recipient) && !known.last().isFinal() && !type.isAside()
            ? new RecipientState(recipient, type, known.moves(), known.heldUntil())
            : known);
    List<Long> noted = new ArrayList<>(events);
    noted.add(offset);
    int surplus = noted.size() - EVENTS_MAX;
    return new MessageState(
        route,
        submittedAt,
        firstSeen,
        attempt,
        hops,
        place,
        next,
        surplus > 0 ? noted.subList(surplus, noted.size()) : noted);
  }
}
