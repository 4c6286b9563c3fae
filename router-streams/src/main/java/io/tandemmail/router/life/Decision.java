package io.tandemmail.router.life;

import io.tandemmail.model.outcome.Outcome;
import io.tandemmail.model.submission.Assignment;
import io.tandemmail.model.submission.LastAttempt;
import io.tandemmail.model.submission.MessageFacts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What to remember and what to append, all in one transaction.
 *
 * @param state to store under the message's id; empty leaves what is stored
 * @param counted how the conservation counts of the route change
 */
public record Decision(Optional<MessageState> state, List<Emission> emissions, Counted counted) {
  public static final Decision NOTHING = new Decision(Optional.empty(), List.of(), Counted.NONE);

  public Decision {
    emissions = List.copyOf(emissions);
  }

  /** This first, then what is decided of the state it leaves; neither of the two counts anything. */
  Decision and(Function<MessageState, Decision> next) {
    Decision then = next.apply(state.orElseThrow());
    List<Emission> all = new ArrayList<>(emissions);
    all.addAll(then.emissions);
    return new Decision(then.state, all, Counted.NONE);
  }

  /** Messages, not recipients (I3). */
  public enum Counted {
    NONE,
    ACCEPTED,
    DELIVERED,
    FAILED,
    /** Both at once: known again with all its outcomes after a power loss. */
    ACCEPTED_AND_DELIVERED,
    ACCEPTED_AND_FAILED
  }

  /** Something to append or to schedule. The message's bytes are added by the shell. */
  public sealed interface Emission {
    record ToLane(MessageFacts facts, Assignment assignment) implements Emission {}

    /**
     * @param last what the last attempt says: asked for again when the time has come
     */
    record ToSchedule(MessageFacts facts, Instant due, LastAttempt last) implements Emission {
      public ToSchedule(MessageFacts facts, Instant due) {
        this(facts, due, LastAttempt.NONE);
      }
    }

    /** To {@code mail.rejected}, with the bytes. */
    record Reject(MessageFacts facts, String reason) implements Emission {}

    record Event(Outcome outcome) implements Emission {}

    /** The envelope sender is told of these failures, where a report may be sent at all. */
    record Report(MessageFacts facts, List<Outcome> failures) implements Emission {
      public Report {
        failures = List.copyOf(failures);
      }
    }
  }
}
