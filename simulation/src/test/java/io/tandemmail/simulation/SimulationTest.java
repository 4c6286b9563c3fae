package io.tandemmail.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.simulation.truth.Violation;
import io.tandemmail.simulation.world.Rule;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** I1 to I8 in worlds with faults; and no rule can be dropped without one of them breaking. */
class SimulationTest {
  private static final int SEEDS = 12;
  private static final int SEEDS_TO_CATCH = 40;

  @Test
  void everyInvariantHoldsInEveryWorld() {
    int duplicates = 0;
    for (long seed = 1; seed <= SEEDS; seed++) {
      Simulation.Result result = Simulation.run(seed, Set.of());
      assertThat(result.violation()).as("seed " + seed).isEmpty();
      assertThat(result.faults()).isGreaterThan(40);
      duplicates += result.duplicates();
    }
    assertThat(duplicates).as("worlds in which nothing is ever repeated test nothing").isPositive();
  }

  @ParameterizedTest
  @EnumSource(Rule.class)
  void aDroppedRuleIsCaught(Rule rule) {
    Optional<Violation> caught = Optional.empty();
    long first = firstSeed(rule);
    for (long seed = first; seed < first + SEEDS_TO_CATCH && caught.isEmpty(); seed++) {
      caught = Simulation.run(seed, EnumSet.of(rule)).violation();
    }
    assertThat(caught).as("without " + rule).isPresent();
  }

  /** One world in eighty has a worker die between giving back what is in doubt and saying so; 83 is one. */
  private static long firstSeed(Rule rule) {
    return rule == Rule.RETURNED_DOUBT_LISTED ? 80 : 1;
  }

  @Test
  void theSameSeedIsTheSameWorld() {
    Simulation.Result once = Simulation.run(7, EnumSet.of(Rule.LOW_WATER_MARK_ONLY));
    Simulation.Result again = Simulation.run(7, EnumSet.of(Rule.LOW_WATER_MARK_ONLY));

    assertThat(again.toString()).isEqualTo(once.toString());
    assertThat(Simulation.run(8, Set.of()).steps()).isNotEqualTo(once.steps());
  }
}
