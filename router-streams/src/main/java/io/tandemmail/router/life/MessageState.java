package io.tandemmail.router.life;

import io.tandemmail.model.outcome.OutcomeType;
import io.tandemmail.model.submission.MessageFacts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What the router remembers of an id.
 *
 * @param submittedAt when its record was appended to {@code mail.submitted}
 * @param firstSeen when it was admitted; the id is refused as a duplicate for 24 hours from here
 * @param attempt and {@code hops}: of the last placement; a return that is not newer is a repetition
 * @param recipients in envelope order, with the last outcome of each
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

  /** One recipient and the last outcome known for it; {@code ACCEPTED} before the first attempt. */
  public record RecipientState(String address, OutcomeType last) {}

  static MessageState admitted(MessageFacts facts, Instant now) {
    List<RecipientState> recipients =
        facts.envelope().forwardPaths().stream()
            .map(address -> new RecipientState(address, OutcomeType.ACCEPTED))
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
  List<String> open(List<String> addresses) {
    List<String> open = new ArrayList<>(addresses);
    for (RecipientState recipient : recipients) {
      if (recipient.last().isFinal()) {
        open.remove(recipient.address());
      }
    }
    return open;
  }

  /** True when this return was seen before: the attempt and hops it reports are not beyond the last placement. */
  boolean alreadyReturned(MessageFacts facts) {
    return facts.attempt() < attempt || (facts.attempt() == attempt && facts.hops() <= hops);
  }

  MessageState placed(Place next, MessageFacts facts) {
    return new MessageState(
        route, submittedAt, firstSeen, facts.attempt(), facts.hops(), next, recipients, events);
  }

  MessageState withOutcome(String recipient, OutcomeType type, long offset) {
    List<RecipientState> next = new ArrayList<>(recipients);
    next.replaceAll(known ->
        known.address().equals(recipient) && !known.last().isFinal() && !type.isAfterwards()
            ? new RecipientState(recipient, type)
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
