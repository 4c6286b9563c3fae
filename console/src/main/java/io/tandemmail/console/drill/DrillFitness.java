package io.tandemmail.console.drill;

import io.tandemmail.model.drill.DrillPlan;
import io.tandemmail.model.parity.ParityFinding;
import io.tandemmail.model.server.Drift;
import io.tandemmail.model.server.ServerHealth;
import io.tandemmail.model.server.ServerMode;
import io.tandemmail.model.server.ServerState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What stands against a drill, before it moves any mail. Causes come before what comes of them, and what the inspection and
 * the workers saw alike is said once.
 */
final class DrillFitness {
  private final DrillPlan plan;
  private final Function<String, ServerHealth> health;
  private final List<String> problems = new ArrayList<>();

  private DrillFitness(DrillPlan plan, Function<String, ServerHealth> health) {
    this.plan = plan;
    this.health = health;
  }

  /**
   * In words; empty: it may begin.
   *
   * @param found by the inspection just now
   * @param health of a server, with the drift that workers saw
   */
  static List<String> problems(
      DrillPlan plan,
      List<ParityFinding> found,
      Function<String, ServerHealth> health,
      Instant now) {
    DrillFitness fitness = new DrillFitness(plan, health);
    found.forEach(finding -> fitness.problems.add(finding.text()));
    fitness.drifted(found.stream().map(finding -> finding.drift(plan.route())).toList());
    fitness.primary(now);
    fitness.secondaries();
    return fitness.problems;
  }

  private void drifted(List<Drift> said) {
    List<String> servers = new ArrayList<>(List.of(plan.primary()));
    servers.addAll(plan.secondaries());
    for (String server : servers) {
      health.apply(server).drift().stream()
          .filter(drift -> drift.isProblem() && drift.route().equals(plan.route()))
          .filter(drift -> !said.contains(drift))
          .forEach(drift ->
              problems.add(
                  "server %s: %s: %s; %s"
                      .formatted(server, drift.subject(), drift.what(), drift.remedy())));
    }
  }

  private void primary(Instant now) {
    ServerHealth primary = health.apply(plan.primary());
    primary
        .drill()
        .filter(drill -> drill.until().isAfter(now))
        .ifPresent(other ->
            problems.add("drill " + other.id() + " of " + plan.primary() + " still lasts"));
    if (primary.mode() != ServerMode.AUTO) {
      problems.add(plan.primary() + " was taken out of service by an operator; resume it first");
    } else if (primary.state() != ServerState.UP || primary.share() < 100) {
      problems.add(
          "%s is %s with a share of %d %%: %s"
              .formatted(plan.primary(), primary.state(), primary.share(), primary.evidence()));
    }
  }

  private void secondaries() {
    List<ServerHealth> secondaries = plan.secondaries().stream().map(health).toList();
    if (secondaries.stream().noneMatch(ServerHealth::inService)) {
      problems.add(
          secondaries.stream()
              .map(one -> "%s is %s: %s".formatted(one.server(), one.state(), one.evidence()))
              .collect(Collectors.joining("; ", "no secondary is in service: ", "")));
    }
  }
}
