package io.tandemmail.torture.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class FaultPlanTest {
  private static final List<FaultKind> ALL = List.of(FaultKind.values());
  private static final Duration HOUR = Duration.ofHours(1);

  @Test
  void theSameSeedGivesTheSamePlan() {
    assertThat(FaultPlan.of(7, 50, ALL, HOUR)).isEqualTo(FaultPlan.of(7, 50, ALL, HOUR));
    assertThat(FaultPlan.of(7, 50, ALL, HOUR)).isNotEqualTo(FaultPlan.of(8, 50, ALL, HOUR));
  }

  @Test
  void everyKindComesOnceBeforeAnyComesTwice() {
    List<Fault> faults = FaultPlan.of(3, 2 * ALL.size(), ALL, HOUR).faults();

    assertThat(kinds(faults.subList(0, ALL.size()))).hasSize(ALL.size());
    assertThat(kinds(faults.subList(ALL.size(), 2 * ALL.size()))).hasSize(ALL.size());
  }

  @Test
  void everyVariantOfAKindComesOnceBeforeAnyComesTwice() {
    for (FaultKind kind : ALL) {
      int variants = kind.variants().size();
      List<Fault> faults = FaultPlan.of(3, 2 * variants, List.of(kind), HOUR).faults();

      for (List<Fault> round :
          List.of(faults.subList(0, variants), faults.subList(variants, 2 * variants))) {
        assertThat(round.stream().map(Fault::variant))
            .containsExactlyInAnyOrderElementsOf(kind.variants());
      }
    }
  }

  @Test
  void fewFaultsAreOfTheKindsThatMatterMost() {
    List<Fault> faults = FaultPlan.of(3, 12, ALL, HOUR).faults();

    assertThat(kinds(faults)).isEqualTo(EnumSet.copyOf(ALL.subList(0, 12)));
  }

  @Test
  void noTwoFaultsMeetAndTheLastEndsBeforeTheLoadDoes() {
    for (long seed = 0; seed < 200; seed++) {
      List<Fault> faults = FaultPlan.of(seed, 60, ALL, HOUR).faults();

      for (int i = 1; i < faults.size(); i++) {
        assertThat(faults.get(i).start()).isGreaterThan(end(faults.get(i - 1)));
      }
      assertThat(end(faults.getLast())).isLessThan(HOUR);
    }
  }

  @Test
  void targetsAndVariantsAreThoseOfTheKind() {
    for (Fault fault : FaultPlan.of(5, 500, ALL, Duration.ofHours(9)).faults()) {
      assertThat(fault.target()).isBetween(0, fault.kind().targets() - 1);
      assertThat(fault.kind().variants()).contains(fault.variant());
      assertThat(fault.duration())
          .isBetween(
              Duration.ofSeconds(fault.kind().minSeconds()),
              Duration.ofSeconds(fault.kind().maxSeconds()));
    }
  }

  private static EnumSet<FaultKind> kinds(List<Fault> faults) {
    return EnumSet.copyOf(faults.stream().map(Fault::kind).toList());
  }

  private static Duration end(Fault fault) {
    return fault.start().plus(fault.duration());
  }
}
