package io.tandemmail.model.drill;

import io.tandemmail.model.outcome.Outcome;
import io.tandemmail.model.server.Drill;
import io.tandemmail.model.server.ServerHealth;
import io.tandemmail.model.server.ServerState;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Counts during a drill: outcomes and changes of health go in as they are read, from just before it began. Not for several
 * threads.
 */
public final class DrillTally {
  private final DrillPlan plan;
  private final Set<String> open = new HashSet<>();
  private final Set<String> delivered = new HashSet<>();
  private final Set<String> moved = new HashSet<>();
  private final Map<String, Long> deliveredBy = new TreeMap<>();
  private final Set<String> inDoubt = new HashSet<>();
  private final Set<String> twice = new HashSet<>();
  private Optional<Instant> begun = Optional.empty();
  private Optional<Instant> endOrdered = Optional.empty();
  private Optional<Instant> detected = Optional.empty();
  private Optional<Instant> firstBySecondary = Optional.empty();
  private Optional<Instant> firstWaiting = Optional.empty();
  private Optional<Instant> firstByPrimaryAgain = Optional.empty();
  private Optional<Instant> restored = Optional.empty();
  private String evidence = "";
  private int leastShare = 100;
  private long accepted;

  public DrillTally(DrillPlan plan) {
    this.plan = plan;
  }

  /**
   * The primary's health, at each change.
   *
   * @param readAt when it was seen
   */
  public void health(ServerHealth now, Instant readAt) {
    if (!now.server().equals(plan.primary())) {
      return;
    }
    boolean drilled = now.drill().filter(drill -> drill.id().equals(plan.id())).isPresent();
    if (drilled && begun.isEmpty()) {
      begun = now.drill().map(Drill::from);
    }
    if (begun.isEmpty()) {
      return;
    }
    leastShare = Math.min(leastShare, now.share());
    if (detected.isEmpty() && isNoticed(now)) {
      detected = Optional.of(plan.isWithdrawal() ? readAt : now.since());
      evidence = now.evidence();
    }
    if (endOrdered.isPresent() && !drilled && now.state() == ServerState.UP && now.share() == 100) {
      restored = restored.or(() -> Optional.of(later(now.since(), endOrdered.get())));
    }
  }

  public void outcome(Outcome outcome) {
    if (!outcome.route().equals(plan.route()) || begun.isEmpty()) {
      return;
    }
    String who = outcome.id() + "\u0000" + outcome.recipient();
    switch (outcome.type()) {
      case ACCEPTED -> {
        accepted++;
        open.add(who);
      }
      case REROUTED -> {
        if (isFrom(outcome, plan.primary())) {
          moved.add(outcome.id());
        }
      }
      case IN_DOUBT -> inDoubt.add(who);
      case DELIVERED -> delivered(outcome, who);
      case BOUNCED, EXPIRED, SUPPRESSED, REJECTED -> open.remove(who);
      case DEFERRED, DUPLICATE, HELD, RESOLVED, LATE_BOUNCED, COMPLAINED -> {}
    }
  }

  /** The drill was told to end. */
  public void endOrdered(Instant at) {
    endOrdered = Optional.of(at);
  }

  public boolean hasBegun() {
    return begun.isPresent();
  }

  public boolean isDetected() {
    return detected.isPresent();
  }

  public boolean secondaryDelivers() {
    return firstBySecondary.isPresent();
  }

  public boolean isRestored() {
    return restored.isPresent();
  }

  /** Recipients of messages accepted since the beginning that have no final outcome yet. */
  public int open() {
    return open.size();
  }

  public DrillFigures figures() {
    return new DrillFigures(
        sinceBegun(detected),
        evidence,
        sinceBegun(firstBySecondary),
        sinceBegun(firstWaiting),
        since(endOrdered, restored),
        since(endOrdered, firstByPrimaryAgain),
        accepted,
        Map.copyOf(deliveredBy),
        moved.size(),
        leastShare,
        open.size(),
        twice.size(),
        inDoubt.size());
  }

  private boolean isNoticed(ServerHealth now) {
    if (plan.isWithdrawal()) {
      return true;
    }
    return plan.kind() == Drill.Kind.OVERLOAD
        ? now.state() == ServerState.OVERLOADED
        : !now.inService();
  }

  private void delivered(Outcome outcome, String who) {
    open.remove(who);
    if (!delivered.add(who)) {
      twice.add(who);
    }
    outcome.lane().ifPresent(lane -> deliveredBy.merge(lane.server(), 1L, Long::sum));
    Instant at = outcome.at();
    if (at.isBefore(begun.orElse(at))) {
      return;
    }
    if (isFrom(outcome, plan.primary())) {
      if (endOrdered.isPresent() && !at.isBefore(endOrdered.get())) {
        firstByPrimaryAgain = firstByPrimaryAgain.or(() -> Optional.of(at));
      }
      return;
    }
    firstBySecondary = firstBySecondary.or(() -> Optional.of(at));
    if (outcome.submittedAt().isBefore(begun.orElse(at))) {
      firstWaiting = firstWaiting.or(() -> Optional.of(at));
    }
  }

  private static boolean isFrom(Outcome outcome, String server) {
    return outcome.lane().filter(lane -> lane.server().equals(server)).isPresent();
  }

  private Optional<Duration> sinceBegun(Optional<Instant> event) {
    return since(begun, event);
  }

  private static Optional<Duration> since(Optional<Instant> start, Optional<Instant> event) {
    return start.flatMap(from -> event.map(to -> Duration.between(from, to)));
  }

  private static Instant later(Instant a, Instant b) {
    return a.isAfter(b) ? a : b;
  }
}
