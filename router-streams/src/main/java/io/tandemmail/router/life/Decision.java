package io.tandemmail.router.life;

import io.tandemmail.model.outcome.Outcome;
import io.tandemmail.model.submission.Assignment;
import io.tandemmail.model.submission.MessageFacts;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

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
     * @param avoid the server whose fault the last attempt was: asked for again when the time has come
     */
    record ToSchedule(MessageFacts facts, Instant due, Optional<String> avoid) implements Emission {
      public ToSchedule(MessageFacts facts, Instant due) {
        this(facts, due, Optional.empty());
      }
    }

    record Event(Outcome outcome) implements Emission {}

    /** The envelope sender is told of these failures, where a report may be sent at all. */
    record Report(MessageFacts facts, List<Outcome> failures) implements Emission {
      public Report {
        failures = List.copyOf(failures);
      }
    }
  }
}
