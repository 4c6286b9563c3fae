package io.tandemmail.torture.plan;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** The schedule: the same seed, kinds, number and window give the same faults. */
public record FaultPlan(long seed, List<Fault> faults) {
  /** Nothing goes wrong before: a cluster that has just started is not what is asked about. */
  private static final double QUIET_BEFORE = 0.06;

  /** Of a fault's slot, what is left for recovering. */
  private static final double FAULT_MAX = 0.6;

  public FaultPlan {
    faults = List.copyOf(faults);
  }

  /**
   * Every kind once before any comes twice, and so with the variants of a kind.
   *
   * @param kinds to choose from, the ones that matter most first
   * @param window how long the load takes
   */
  public static FaultPlan of(long seed, int count, List<FaultKind> kinds, Duration window) {
    SplittableRandom chance = new SplittableRandom(seed);
    List<FaultKind> drawn = draw(chance, count, kinds);
    long quiet = (long) (window.toMillis() * QUIET_BEFORE);
    long slot = count == 0 ? 0 : (window.toMillis() - quiet) / count;
    List<Fault> faults = new ArrayList<>();
    Map<FaultKind, Integer> next = new EnumMap<>(FaultKind.class);
    for (int i = 0; i < count; i++) {
      FaultKind kind = drawn.get(i);
      int variants = kind.variants().size();
      long longest = Math.max(1_000L * kind.minSeconds(), (long) (slot * FAULT_MAX));
      long duration =
          Math.min(
              longest, chance.nextLong(1_000L * kind.minSeconds(), 1_000L * kind.maxSeconds()));
      long early = Math.max(1, (slot - duration) / 4);
      faults.add(
          new Fault(
              i + 1,
              kind,
              Duration.ofMillis(quiet + i * slot + chance.nextLong(early)),
              Duration.ofMillis(duration),
              chance.nextInt(kind.targets()),
              kind.variants()
                  .get(
                      next.merge(
                          kind, chance.nextInt(variants), (last, any) -> (last + 1) % variants))));
    }
    return new FaultPlan(seed, faults);
  }

  public boolean has(FaultKind kind) {
    return faults.stream().anyMatch(fault -> fault.kind() == kind);
  }

  private static List<FaultKind> draw(SplittableRandom chance, int count, List<FaultKind> kinds) {
    List<FaultKind> drawn = new ArrayList<>();
    while (drawn.size() < count) {
      List<FaultKind> deck =
          new ArrayList<>(kinds.subList(0, Math.min(kinds.size(), count - drawn.size())));
      for (int i = deck.size() - 1; i > 0; i--) {
        int other = chance.nextInt(i + 1);
        FaultKind moved = deck.get(i);
        deck.set(i, deck.get(other));
        deck.set(other, moved);
      }
      drawn.addAll(deck);
    }
    return drawn;
  }
}
