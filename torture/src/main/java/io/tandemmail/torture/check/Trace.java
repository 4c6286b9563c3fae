package io.tandemmail.torture.check;

import io.tandemmail.model.outcome.OutcomeType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All that is known of one accepted message. */
final class Trace {
  final String id;
  final Instant acceptedAt;
  final List<Copy> copies = new ArrayList<>(1);
  private final Map<String, Recipient> recipients = new LinkedHashMap<>(2);

  /** A final outcome, and when the attempt ended so. */
  record End(OutcomeType type, Instant at) {}

  /** What the events say of one recipient. */
  static final class Recipient {
    final String address;
    final List<End> ends = new ArrayList<>(1);
    private final List<String> events = new ArrayList<>(1);
    int doubts;

    /** Whether the system says of itself that there may be a second copy. */
    boolean listed;

    Recipient(String address) {
      this.address = address;
    }

    boolean delivered() {
      return ends.stream().anyMatch(end -> end.type() == OutcomeType.DELIVERED);
    }
  }

  Trace(String id, List<String> addresses, Instant acceptedAt) {
    this.id = id;
    this.acceptedAt = acceptedAt;
    addresses.forEach(address -> recipients.put(address, new Recipient(address)));
  }

  Iterable<Recipient> recipients() {
    return recipients.values();
  }

  /** What a note was. */
  enum Note {
    NEW,
    /** An event that is there already: its append had failed and was repeated. */
    AGAIN,
    /** The message has no such recipient. */
    STRANGE
  }

  /** A final outcome or a doubt. */
  Note note(String recipient, End end, String event) {
    Recipient known = recipients.get(recipient);
    if (known == null) {
      return Note.STRANGE;
    }
    if (known.events.contains(event)) {
      return Note.AGAIN;
    }
    known.events.add(event);
    if (end.type().isFinal()) {
      known.ends.add(end);
    } else {
      known.doubts++;
      known.listed = true;
    }
    return Note.NEW;
  }

  /** A worker died and may have sent it. False for a recipient that the message has not. */
  boolean suspect(String recipient) {
    Recipient known = recipients.get(recipient);
    if (known != null) {
      known.listed = true;
    }
    return known != null;
  }

  Optional<Copy> firstCopy() {
    return copies.stream().min((one, other) -> one.at().compareTo(other.at()));
  }

  /** The copies one recipient got, the first first. */
  List<Copy> copiesOf(String recipient) {
    return copies.stream()
        .filter(copy -> copy.recipients().contains(recipient))
        .sorted((one, other) -> one.at().compareTo(other.at()))
        .toList();
  }
}
