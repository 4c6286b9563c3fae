package io.tandemmail.standalone.doubt;

import io.tandemmail.model.outcome.Outcome;
import io.tandemmail.model.outcome.OutcomeType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Folds outcomes, in the order of their partition, into the deliveries in doubt: for each whether the mail went out once more
 * since and how that ended. One that did end as delivered may have arrived twice, and this is where it is named (I2).
 */
public final class Doubts {
  private record Recipient(String id, String address) {}

  private final Map<Recipient, List<Doubt>> byRecipient = new LinkedHashMap<>();

  /**
   * One delivery in doubt.
   *
   * @param outcome the doubt itself
   * @param then the final outcome of the same recipient that came after it; empty: still under way
   */
  public record Doubt(Outcome outcome, Optional<Outcome> then) {
    /** A copy may have arrived before the one that was confirmed. */
    public boolean maybeTwice() {
      return then.filter(end -> end.type() == OutcomeType.DELIVERED).isPresent();
    }
  }

  public void note(Outcome outcome) {
    Recipient recipient = new Recipient(outcome.id(), outcome.recipient());
    if (outcome.type() == OutcomeType.IN_DOUBT) {
      byRecipient
          .computeIfAbsent(recipient, one -> new ArrayList<>(1))
          .add(new Doubt(outcome, Optional.empty()));
    } else if (outcome.type().isFinal()) {
      List<Doubt> open = byRecipient.get(recipient);
      if (open != null) {
        open.replaceAll(doubt ->
            doubt.then().isPresent() ? doubt : new Doubt(doubt.outcome(), Optional.of(outcome)));
      }
    }
  }

  /** The oldest first. */
  public List<Doubt> all() {
    return byRecipient.values().stream()
        .flatMap(List::stream)
        .sorted(Comparator.comparing(doubt -> doubt.outcome().at()))
        .toList();
  }
}
