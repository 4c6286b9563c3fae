package io.tandemmail.torture.check;

import io.tandemmail.model.outcome.OutcomeType;
import io.tandemmail.torture.check.Finding.Rule;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Predicate;

/**
 * Takes note of everything, then judges.
 *
 * <p>Of several copies for one recipient all but the last need an explanation: an in-doubt event of this recipient for each, or
 * a fault of the very worker that sent it at that time; and then an event must say all the same that there may be two, but that
 * it says so of more than were sent explains nothing. A worker that sends what another has delivered explains nothing: then
 * it is the other's copy that would need an explanation and has none.
 */
public final class Checker {
  private static final int SHOWN = 20;

  private final Map<String, Trace> traces = new HashMap<>();
  private final Map<Rule, Integer> counts = new EnumMap<>(Rule.class);
  private final List<Finding> findings = new ArrayList<>();
  private final Map<String, Long> ends = new TreeMap<>();
  private final Map<Integer, Integer> explained = new TreeMap<>();
  private final Predicate<String> others;
  private final Set<String> othersAdmitted = new HashSet<>();
  private long copies;
  private long doubts;
  private long suspects;
  private long repeated;
  private long secondEnds;
  private long recipients;

  /**
   * @param others true for ids that are not of the load and may be seen all the same: poison and probes
   */
  public Checker(Predicate<String> others) {
    this.others = others;
  }

  /** First of all: everything else is about what was accepted. */
  public void accepted(String id, List<String> addresses, Instant at) {
    traces.put(id, new Trace(id, addresses, at));
    recipients += addresses.size();
  }

  public void copy(Copy copy) {
    copies++;
    Trace trace = traces.get(copy.id());
    if (trace == null) {
      stranger(copy.id(), "taken by " + copy.sink());
    } else {
      trace.copies.add(copy);
    }
  }

  /**
   * @param at when the attempt ended so
   * @param event its attempt and lane position: an event that was written twice is one
   */
  public void outcome(String id, String recipient, OutcomeType type, Instant at, String event) {
    Trace trace = traces.get(id);
    if (trace == null) {
      stranger(id, type.wireName());
      if (type == OutcomeType.ACCEPTED) {
        othersAdmitted.add(id);
      }
    } else if (type.isFinal() || type == OutcomeType.IN_DOUBT) {
      switch (trace.note(recipient, new Trace.End(type, at), type.wireName() + at + event)) {
        case NEW -> count(type);
        case AGAIN -> repeated++;
        case STRANGE ->
            found(Rule.STRANGER, id + " has no recipient " + recipient + ", " + type.wireName());
      }
    }
  }

  /** A worker died and another, which sends the message again, says that it may have been sent before. */
  public void suspected(String id, String recipient) {
    suspects++;
    Trace trace = traces.get(id);
    if (trace == null) {
      stranger(id, "suspected");
    } else if (!trace.suspect(recipient)) {
      found(Rule.STRANGER, id + " has no recipient " + recipient + ", suspected");
    }
  }

  private void count(OutcomeType type) {
    if (type.isFinal()) {
      ends.merge(type.wireName(), 1L, Long::sum);
    } else {
      doubts++;
    }
  }

  /**
   * For a peer that has no events, and lists nothing.
   *
   * @param end of a recipient, by its address and whether a sink took a copy; not final: none
   * @param submittedTwice ids of which a second copy is the submitter's doing
   */
  public void deriveOutcomes(
      BiFunction<String, Boolean, OutcomeType> end, Set<String> submittedTwice) {
    for (Trace trace : traces.values()) {
      for (Trace.Recipient recipient : trace.recipients()) {
        String address = recipient.address;
        OutcomeType type = end.apply(address, !trace.copiesOf(address).isEmpty());
        outcome(trace.id, address, type, Instant.EPOCH, "");
        recipient.listed = true;
        if (submittedTwice.contains(trace.id)) {
          outcome(trace.id, address, OutcomeType.IN_DOUBT, Instant.EPOCH, "");
        }
      }
    }
  }

  /** Messages the router must have counted as accepted: those of the load, and the others it let in. */
  public int admitted() {
    return traces.size() + othersAdmitted.size();
  }

  /** Of the mail accepted within that time, how long the last had to wait until a sink first took it. */
  public Duration longestDelay(Instant from, Instant to) {
    Duration longest = Duration.ZERO;
    for (Trace trace : traces.values()) {
      if (!trace.acceptedAt.isBefore(from) && !trace.acceptedAt.isAfter(to)) {
        Optional<Duration> delay =
            trace.firstCopy().map(copy -> Duration.between(trace.acceptedAt, copy.at()));
        if (delay.isPresent() && delay.get().compareTo(longest) > 0) {
          longest = delay.get();
        }
      }
    }
    return longest;
  }

  public Verdict conclude(List<Excuse> excuses, List<Silence> silences) {
    Map<Excuse, Set<String>> excused = new HashMap<>();
    for (Trace trace : traces.values()) {
      sameBytes(trace);
      silent(trace, silences);
      for (Trace.Recipient recipient : trace.recipients()) {
        judge(trace, recipient, excuses, excused);
      }
    }
    excused.forEach((excuse, ids) -> {
      explained.merge(excuse.fault(), ids.size(), Integer::sum);
      if (ids.size() > excuse.copiesMax()) {
        found(
            Rule.TOO_MANY_EXCUSED,
            "%d second copies by %s at fault %d, at most %d could be unrecorded"
                .formatted(ids.size(), excuse.client(), excuse.fault(), excuse.copiesMax()));
      }
    });
    return new Verdict(
        traces.size(),
        recipients,
        ends,
        copies,
        doubts,
        suspects,
        repeated,
        secondEnds,
        explained,
        counts,
        findings);
  }

  private void judge(
      Trace trace,
      Trace.Recipient recipient,
      List<Excuse> excuses,
      Map<Excuse, Set<String>> excused) {
    List<Copy> got = trace.copiesOf(recipient.address);
    String who = trace.id + " " + recipient.address;
    if (got.isEmpty() && (recipient.ends.isEmpty() || recipient.delivered())) {
      found(Rule.LOST, who + " ended as " + recipient.ends);
    } else if (recipient.ends.isEmpty()) {
      found(Rule.UNFINISHED, who + " has " + got.size() + " copies");
    }
    ends(who, recipient, got.size(), excuses);
    explain(trace.id, recipient, got, excuses, excused);
  }

  /** As many as copies, of one type; what a worker could not record in time may have been found out once more. */
  private void ends(String who, Trace.Recipient recipient, int copiesGot, List<Excuse> excuses) {
    long types = recipient.ends.stream().map(Trace.End::type).distinct().count();
    long excusable =
        recipient.ends.stream()
            .filter(end -> excuses.stream().anyMatch(excuse -> excuse.isAround(end.at())))
            .count();
    int tooMany = recipient.ends.size() - Math.max(1, copiesGot);
    if (tooMany > excusable || types > 1) {
      found(Rule.TWO_ENDS, who + " ended as " + recipient.ends + " with " + copiesGot + " copies");
    } else if (tooMany > 0) {
      secondEnds += tooMany;
    }
  }

  private void explain(
      String id,
      Trace.Recipient recipient,
      List<Copy> got,
      List<Excuse> excuses,
      Map<Excuse, Set<String>> excused) {
    int doubtsLeft = recipient.doubts;
    if (got.size() > 1 && !recipient.listed) {
      found(Rule.UNLISTED, id + " " + recipient.address + " has " + got.size() + " copies: " + got);
    }
    for (int i = 0; i < got.size() - 1; i++) {
      Copy copy = got.get(i);
      Optional<Excuse> excuse = excuses.stream().filter(one -> one.covers(copy)).findFirst();
      if (doubtsLeft > 0) {
        doubtsLeft--;
        explained.merge(0, 1, Integer::sum);
      } else if (excuse.isPresent()) {
        excused.computeIfAbsent(excuse.get(), one -> new HashSet<>()).add(id);
      } else {
        found(
            Rule.UNEXPLAINED_DUPLICATE,
            "%s %s: copy %d of %d at %s by %s to %s, then at %s by %s to %s, ended as %s, %d in doubt"
                .formatted(
                    id,
                    recipient.address,
                    i + 1,
                    got.size(),
                    copy.at(),
                    copy.client(),
                    copy.sink(),
                    got.get(i + 1).at(),
                    got.get(i + 1).client(),
                    got.get(i + 1).sink(),
                    recipient.ends,
                    recipient.doubts));
      }
    }
  }

  private void sameBytes(Trace trace) {
    if (trace.copies.stream().map(Copy::sha256).distinct().count() > 1) {
      found(Rule.DIFFERENT_BYTES, trace.id + " came in " + trace.copies.size() + " copies");
    }
  }

  private void silent(Trace trace, List<Silence> silences) {
    for (Copy copy : trace.copies) {
      for (Silence silence : silences) {
        if (silence.isBrokenBy(copy)) {
          found(
              Rule.SENT_WHILE_CUT_OFF,
              "%s by %s at %s, cut off in fault %d"
                  .formatted(trace.id, copy.client(), copy.at(), silence.fault()));
        }
      }
    }
  }

  private void stranger(String id, String what) {
    if (!others.test(id)) {
      found(Rule.STRANGER, id + " was " + what);
    }
  }

  private void found(Rule rule, String detail) {
    if (counts.merge(rule, 1, Integer::sum) <= SHOWN) {
      findings.add(new Finding(rule, detail));
    }
  }
}
