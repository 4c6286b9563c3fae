package io.tandemmail.worker.lane;

import io.tandemmail.model.outcome.Outcome;
import io.tandemmail.model.outcome.OutcomeJson;
import io.tandemmail.model.wire.HeaderNames;
import io.tandemmail.model.wire.Headers;
import io.tandemmail.model.wire.Topics;
import io.tandemmail.worker.lane.LedgerReader.Ledger;
import io.tandemmail.worker.lane.LedgerReader.Takeover;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is read of the ledger and of the returned mail, in any order, about one lane partition. The rest is passed over. */
public final class LedgerNotes {
  private final Takeover takeover;
  private final String lane;
  private final Map<Long, Set<String>> recorded = new HashMap<>();
  private final Map<Long, Set<String>> givenBack = new HashMap<>();
  private final Map<Long, Set<String>> givenBackInDoubt = new HashMap<>();

  public LedgerNotes(Takeover takeover) {
    this.takeover = takeover;
    this.lane = takeover.lane().topic() + "/";
  }

  /** One record of {@code mail.outcomes}. */
  public void outcome(byte @Nullable [] value) {
    Optional<Outcome> read;
    try {
      read = value == null ? Optional.empty() : OutcomeJson.read(value);
    } catch (IllegalArgumentException notAnOutcome) {
      return;
    }
    if (read.isEmpty() || read.get().lane().isEmpty()) {
      return;
    }
    Outcome outcome = read.get();
    Outcome.LanePosition position = outcome.lane().get();
    if (Topics.lane(outcome.route(), position.server()).equals(takeover.lane().topic())
        && position.partition() == takeover.lane().partition()) {
      add(recorded, position.offset(), List.of(outcome.recipient()));
    }
  }

  /** The headers of one record of {@code mail.returned}. */
  public void returned(Headers headers) {
    Optional<String> origin = headers.last(HeaderNames.ORIGIN).filter(it -> it.startsWith(lane));
    if (origin.isEmpty()) {
      return;
    }
    long offset;
    try {
      offset = Long.parseLong(origin.get().substring(lane.length()));
    } catch (NumberFormatException notAWorkers) {
      return;
    }
    add(givenBack, offset, headers.every(HeaderNames.RCPT_TO));
    add(givenBackInDoubt, offset, headers.every(HeaderNames.IN_DOUBT));
  }

  /**
   * What is known now.
   *
   * @param end where the ledger and the returned mail ended
   */
  public Ledger ledger(Positions end) {
    Map<Long, Set<String>> finished = new HashMap<>();
    recorded.forEach((offset, recipients) -> add(finished, offset, recipients));
    givenBack.forEach((offset, recipients) -> add(finished, offset, recipients));
    Map<Long, Set<String>> unlisted = new HashMap<>();
    givenBackInDoubt.forEach((offset, recipients) -> {
      Set<String> open = new HashSet<>(recipients);
      open.removeAll(recorded.getOrDefault(offset, Set.of()));
      if (!open.isEmpty()) {
        unlisted.put(offset, open);
      }
    });
    return new Ledger(finished, unlisted, end);
  }

  private void add(Map<Long, Set<String>> notes, long offset, Iterable<String> recipients) {
    if (offset >= takeover.laneOffset()) {
      Set<String> known = notes.computeIfAbsent(offset, it -> new HashSet<>());
      recipients.forEach(known::add);
    }
  }
}
