package io.tandemmail.simulation.truth;

import io.tandemmail.model.outcome.Outcome;
import io.tandemmail.model.outcome.OutcomeType;
import io.tandemmail.model.submission.MessageFacts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * Everything that really happened, told by the world as it happens. What is told is checked at once, so that a violation
 * names the step that made it.
 */
public final class Truth {
  private final Map<String, MessageTruth> messages = new LinkedHashMap<>();
  private final Map<Object, Set<AttemptTruth>> unrecorded = new LinkedHashMap<>();
  private final List<AttemptTruth> inDoubt = new ArrayList<>();
  private final int permits;
  private final Tally tally = new Tally();

  /**
   * @param permits {@code worker.max-unrecorded}
   */
  public Truth(int permits) {
    this.permits = permits;
  }

  public Tally tally() {
    return tally;
  }

  public Iterable<MessageTruth> messages() {
    return messages.values();
  }

  /** The broker has the submission. Once more for a client that repeats itself. */
  public void accepted(String id, List<String> recipients, boolean plain, long now) {
    messages.computeIfAbsent(id, it -> new MessageTruth(it, recipients, plain, now));
  }

  /** I1, I2: an id is admitted once. */
  public void admitted(String id) {
    MessageTruth message = message(id);
    require(!message.admitted, "I2", id + " was admitted twice");
    message.admitted = true;
    tally.admitted++;
  }

  /** I2: a recipient is assigned once for each time it was given back. */
  public LaneMark placed(MessageFacts facts) {
    MessageTruth message = message(facts.id());
    int moves = facts.attempt() + facts.hops();
    for (String recipient : facts.envelope().forwardPaths()) {
      int at = message.index(recipient);
      require(
          moves > message.moves[at],
          "I2",
          facts.id() + " was assigned twice to " + recipient + " for attempt " + facts.attempt());
      message.moves[at] = moves;
    }
    carry(message, facts.envelope().forwardPaths(), 1);
    return new LaneMark(message, facts.envelope().forwardPaths());
  }

  /** It waits somewhere outside the lanes: in the schedule, or on its way back to the router. */
  public void waits(String id, List<String> recipients) {
    carry(message(id), recipients, 1);
  }

  /** A worker's return is in the log. */
  public void givenBack(AttemptTruth attempt, List<String> recipients) {
    attempt.givenBack.addAll(recipients);
    waits(attempt.message.id, recipients);
  }

  /** It waits there no more. */
  public void waitsNoMore(String id, List<String> recipients) {
    carry(message(id), recipients, -1);
  }

  public AttemptTruth begun(Object worker, TopicPartition lane, MessageFacts facts) {
    AttemptTruth attempt =
        new AttemptTruth(
            message(facts.id()),
            facts.attempt() + 1,
            worker,
            lane,
            facts.envelope().forwardPaths());
    unrecorded.computeIfAbsent(worker, it -> new LinkedHashSet<>()).add(attempt);
    return attempt;
  }

  public void abandoned(AttemptTruth attempt) {
    of(attempt.worker).remove(attempt);
  }

  /** I2: no more than the permits can be unknown to a successor. */
  public void dotSent(AttemptTruth attempt) {
    attempt.stage = AttemptTruth.Stage.DOTTED;
    long open =
        of(attempt.worker).stream()
            .filter(other -> other.stage != AttemptTruth.Stage.BEGUN)
            .count();
    require(open <= permits, "I2", open + " deliveries unrecorded, permits " + permits);
  }

  /** The connection ended between the final dot and its reply. */
  public void unanswered(AttemptTruth attempt) {
    attempt.inDoubt = true;
    inDoubt.add(attempt);
    unclear(attempt);
  }

  public void reporting(AttemptTruth attempt, boolean returns) {
    attempt.stage = AttemptTruth.Stage.REPORTING;
    attempt.returns = returns;
  }

  /** The worker's ownership of these ended while it knew or could know more than the ledger: a fault. */
  public void fenced(Object worker) {
    of(worker).forEach(this::expose);
  }

  /** As {@link #fenced} for one lane partition that was let go with deliveries under way. */
  public void letGo(Object worker, TopicPartition lane) {
    of(worker).stream().filter(attempt -> attempt.lane.equals(lane)).forEach(this::expose);
  }

  private void expose(AttemptTruth attempt) {
    if (attempt.stage == AttemptTruth.Stage.BEGUN || attempt.exposed) {
      return;
    }
    attempt.exposed = true;
    if (attempt.stage == AttemptTruth.Stage.REPORTING && attempt.returns) {
      tally.halfReturned++;
    }
    unclear(attempt);
  }

  private static void unclear(AttemptTruth attempt) {
    if (!attempt.unclear) {
      attempt.unclear = true;
      explainOneMore(attempt);
    }
  }

  private static void explainOneMore(AttemptTruth attempt) {
    for (String recipient : attempt.unrecorded) {
      if (attempt.givenBack.contains(recipient)) {
        continue;
      }
      attempt.message.unclear[attempt.message.index(recipient)]++;
    }
  }

  /** I2: a mail server took the message for this recipient. */
  public void copy(String id, String recipient) {
    MessageTruth message = message(id);
    int at = message.index(recipient);
    message.copies[at]++;
    tally.copies++;
    if (message.copies[at] > 1) {
      tally.duplicates++;
    }
    require(
        message.copies[at] <= 1 + message.unclear[at],
        "I2",
        "copy " + message.copies[at] + " of " + id + " to " + recipient + " unexplained");
  }

  /** An outcome is in the ledger. */
  public void recorded(Outcome outcome, LaneMark lane, AttemptTruth attempt) {
    if (!attempt.unrecorded.remove(outcome.recipient())) {
      // There twice, the same in everything: consumers know it by that.
      return;
    }
    noteFinal(outcome);
    if (outcome.type() == OutcomeType.IN_DOUBT) {
      listed(outcome, attempt);
    }
    if (attempt.unrecorded.isEmpty()) {
      of(attempt.worker).remove(attempt);
    }
    if (lane.open.remove(outcome.recipient())) {
      carry(lane.message, List.of(outcome.recipient()), -1);
    }
  }

  /** Its doubt is on record. */
  public void listed(Outcome doubt, AttemptTruth attempt) {
    attempt.listed = true;
    listed(doubt);
  }

  /** A doubt about an attempt of a worker that is gone. */
  public void listed(Outcome doubt) {
    MessageTruth message = message(doubt.id());
    message.listed[message.index(doubt.recipient())] = true;
  }

  /** An outcome that the router wrote. */
  public void recorded(Outcome outcome) {
    noteFinal(outcome);
  }

  private void noteFinal(Outcome outcome) {
    if (outcome.type().isFinal()) {
      MessageTruth message = message(outcome.id());
      int at = message.index(outcome.recipient());
      message.finals[at]++;
      tally.finals++;
      require(
          outcome.type() != OutcomeType.DELIVERED || message.copies[at] > 0,
          "I1",
          outcome.id() + " recorded as delivered and no server has it");
      require(
          message.finals[at] <= 1 + message.unclear[at],
          "I1",
          outcome.id() + " ended more than once for " + outcome.recipient());
    }
  }

  /** I3: who is not ended waits somewhere. */
  private static void carry(MessageTruth message, List<String> recipients, int change) {
    for (String recipient : recipients) {
      int at = message.index(recipient);
      message.carried[at] += change;
      require(
          message.carried[at] > 0 || message.finals[at] > 0 || !message.admitted,
          "I3",
          message.id + " is neither ended for " + recipient + " nor waiting anywhere");
    }
  }

  /** I4, I6: mail to untroubled recipients has ended, whatever became of other mail. */
  public void plainMailEnded(long acceptedBefore) {
    for (MessageTruth message : messages.values()) {
      require(
          !message.plain || message.acceptedAt >= acceptedBefore || message.ended(),
          "I6",
          message.id + " still waits although a server is in service");
    }
  }

  /** I1, I2: after everything has healed. */
  public void allEnded() {
    for (MessageTruth message : messages.values()) {
      require(message.admitted, "I1", message.id + " was accepted and never admitted");
      require(message.ended(), "I1", message.id + " was accepted and never ended");
    }
    for (AttemptTruth attempt : inDoubt) {
      require(
          attempt.listed || attempt.exposed,
          "I2",
          attempt.message.id + " attempt " + attempt.attempt + " is in doubt and not listed");
    }
    messages.values().forEach(Truth::copiesListed);
  }

  /** I2: who has a second copy is named in a doubt. */
  private static void copiesListed(MessageTruth message) {
    for (int at = 0; at < message.copies.length; at++) {
      require(
          message.copies[at] < 2 || message.listed[at],
          "I2",
          message.copies[at]
              + " copies of "
              + message.id
              + " and no doubt names "
              + message.recipients.get(at));
    }
  }

  public boolean everythingEnded() {
    return messages.values().stream().allMatch(MessageTruth::ended);
  }

  public int size() {
    return messages.size();
  }

  private Set<AttemptTruth> of(Object worker) {
    return unrecorded.getOrDefault(worker, Set.of());
  }

  private MessageTruth message(String id) {
    MessageTruth message = messages.get(id);
    if (message == null) {
      throw new Violation("I1", id + " came out of nowhere");
    }
    return message;
  }

  public static void require(boolean holds, String invariant, String otherwise) {
    if (!holds) {
      throw new Violation(invariant, otherwise);
    }
  }
}
