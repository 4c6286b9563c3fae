package io.tandemmail.torture.check;

import io.tandemmail.model.outcome.OutcomeType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All that is known of one accepted message. */
final class Trace {
  final String id;
  final List<Copy> copies = new ArrayList<>(1);
  private final Map<String, Recipient> recipients = new LinkedHashMap<>(2);

  /** What the events say of one recipient. */
  static final class Recipient {
    final String address;
    final List<OutcomeType> ends = new ArrayList<>(1);
    int doubts;

    Recipient(String address) {
      this.address = address;
    }

    boolean delivered() {
      return ends.contains(OutcomeType.DELIVERED);
    }
  }

  Trace(String id, List<String> addresses) {
    this.id = id;
    addresses.forEach(address -> recipients.put(address, new Recipient(address)));
  }

  Iterable<Recipient> recipients() {
    return recipients.values();
  }

  /** False for a recipient that the message does not have. */
  boolean note(String recipient, OutcomeType type) {
    Recipient known = recipients.get(recipient);
    if (known == null) {
      return false;
    }
    if (type.isFinal()) {
      known.ends.add(type);
    } else if (type == OutcomeType.IN_DOUBT) {
      known.doubts++;
    }
    return true;
  }

  /** The copies one recipient got, the first first. */
  List<Copy> copiesOf(String recipient) {
    return copies.stream()
        .filter(copy -> copy.recipients().contains(recipient))
        .sorted((one, other) -> one.at().compareTo(other.at()))
        .toList();
  }
}
