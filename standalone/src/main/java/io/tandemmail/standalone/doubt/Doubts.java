package io.tandemmail.standalone.doubt;

import io.tandemmail.model.outcome.Outcome;
import io.tandemmail.model.outcome.OutcomeType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
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

  /** The last that was said of waiting for an operator: that it does, or what the operator said. */
  private final Map<Recipient, Outcome> words = new HashMap<>();

  /**
   * One delivery in doubt.
   *
   * @param outcome the doubt itself
   * @param then the final outcome of the same recipient that came after it; empty: still under way, or held
   * @param held waits for {@code tandem in-doubt resolve}
   */
  public record Doubt(Outcome outcome, Optional<Outcome> then, boolean held) {
    /** A copy may have arrived before the one that was confirmed; not where an operator said that it is the same. */
    public boolean maybeTwice() {
      return then.filter(end -> end.type() == OutcomeType.DELIVERED)
          .filter(end -> end.lane().isPresent())
          .isPresent();
    }
  }

  public void note(Outcome outcome) {
    Recipient recipient = new Recipient(outcome.id(), outcome.recipient());
    switch (outcome.type()) {
      case IN_DOUBT -> add(recipient, outcome);
      case HELD, RESOLVED -> words.put(recipient, outcome);
      case DELIVERED, BOUNCED, EXPIRED, SUPPRESSED, REJECTED -> end(recipient, outcome);
      case ACCEPTED, DEFERRED, REROUTED, DUPLICATE, LATE_BOUNCED, COMPLAINED -> {}
    }
  }

  /** The oldest first. */
  public List<Doubt> all() {
    List<Doubt> all = new ArrayList<>();
    byRecipient.forEach(
        (recipient, doubts) -> doubts.forEach(doubt -> all.add(withWord(recipient, doubt))));
    // The worker that was to record the doubt may have died; that it is held says it as well.
    words.forEach((recipient, word) -> {
      if (word.type() == OutcomeType.HELD && !byRecipient.containsKey(recipient)) {
        all.add(new Doubt(word, Optional.empty(), true));
      }
    });
    all.sort(Comparator.comparing(doubt -> doubt.outcome().at()));
    return List.copyOf(all);
  }

  /** The router's word may stand before the worker's: the attempt says which doubt it is about. */
  private Doubt withWord(Recipient recipient, Doubt doubt) {
    Outcome word = words.get(recipient);
    boolean held =
        doubt.then().isEmpty()
            && word != null
            && word.type() == OutcomeType.HELD
            && word.attempt() == doubt.outcome().attempt();
    return new Doubt(doubt.outcome(), doubt.then(), held);
  }

  private void add(Recipient recipient, Outcome doubt) {
    byRecipient
        .computeIfAbsent(recipient, one -> new ArrayList<>(1))
        .add(new Doubt(doubt, Optional.empty(), false));
  }

  private void end(Recipient recipient, Outcome outcome) {
    words.remove(recipient);
    List<Doubt> open = byRecipient.get(recipient);
    if (open != null) {
      open.replaceAll(doubt ->
          doubt.then().isPresent()
              ? doubt
              : new Doubt(doubt.outcome(), Optional.of(outcome), false));
    }
  }
}
