package io.tandemmail.console.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.model.drill.DrillPlan;
import io.tandemmail.model.parity.ParityFinding;
import io.tandemmail.model.parity.ParityFinding.Subject;
import io.tandemmail.model.server.Drift;
import io.tandemmail.model.server.Drift.Grade;
import io.tandemmail.model.server.Drill;
import io.tandemmail.model.server.ServerHealth;
import io.tandemmail.model.server.ServerMode;
import io.tandemmail.model.server.ServerState;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DrillFitnessTest {
  private static final Instant NOW = Instant.parse("2026-11-25T10:00:00Z");
  private static final DrillPlan PLAN =
      new DrillPlan(
          "d-2", "default", "a", List.of("b"), Drill.Kind.PRIMARY_LOSS, 100, Duration.ZERO);
  private static final ParityFinding REFUSED =
      new ParityFinding(Grade.PROBLEM, Subject.LOGIN, "b", "the login was refused: 535", "mend it");

  private final Map<String, ServerHealth> health = new HashMap<>();

  @Test
  void nothingIsSaidOfServersNobodyReportedOn() {
    assertThat(problems()).isEmpty();
  }

  @Test
  void theCauseIsSaidOnceAndBeforeWhatComesOfIt() {
    health.put(
        "b",
        server("b", ServerState.DOWN, "3 refused logins", List.of(REFUSED.drift("default")), null));

    assertThat(problems(REFUSED))
        .containsExactly(
            "server b: login: the login was refused: 535; mend it",
            "no secondary is in service: b is DOWN: 3 refused logins");
    assertThat(problems())
        .as("without an inspection, in the same words")
        .isEqualTo(problems(REFUSED));
  }

  @Test
  void adviceAndTheTroubleOfOtherRoutesStandAgainstNothing() {
    Drift advice = new Drift("default", "caps", Grade.ADVICE, "less", "more");
    health.put("b", server("b", ServerState.UP, "", List.of(advice, REFUSED.drift("other")), null));

    assertThat(problems()).isEmpty();
  }

  @Test
  void aPrimaryThatIsNotItselfIsNamedWithTheReason() {
    health.put("a", server("a", ServerState.OVERLOADED, "too slow", List.of(), null));
    assertThat(problems()).containsExactly("a is OVERLOADED with a share of 40 %: too slow");
  }

  @Test
  void twoDrillsOfOneServerAreNotMixed() {
    Drill lasting = new Drill("d-1", "other", Drill.Kind.DRAIN, 5, NOW, NOW.plusSeconds(1));
    health.put("a", server("a", ServerState.UP, "", List.of(), lasting));
    assertThat(problems()).containsExactly("drill d-1 of a still lasts");

    Drill over = new Drill("d-1", "other", Drill.Kind.DRAIN, 5, NOW.minusSeconds(9), NOW);
    health.put("a", server("a", ServerState.UP, "", List.of(), over));
    assertThat(problems()).isEmpty();
  }

  private List<String> problems(ParityFinding... found) {
    return DrillFitness.problems(
        PLAN, List.of(found), id -> health.getOrDefault(id, ServerHealth.unknown(id)), NOW);
  }

  private static ServerHealth server(
      String id, ServerState state, String evidence, List<Drift> drift, Drill drill) {
    int share =
        switch (state) {
          case UP -> 100;
          case OVERLOADED -> 40;
          case DOWN, RECOVERING, DRAINED -> 0;
        };
    return new ServerHealth(
        id,
        state,
        share,
        2,
        NOW,
        evidence,
        ServerMode.AUTO,
        drift,
        Optional.ofNullable(drill),
        false);
  }
}
