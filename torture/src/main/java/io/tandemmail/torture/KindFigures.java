package io.tandemmail.torture;

import io.tandemmail.torture.TortureReport.FaultFigures;
import io.tandemmail.torture.plan.FaultKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * All faults of one kind together, for runs in which a kind comes often enough to ask for percentiles.
 *
 * @param longestGap of each fault
 * @param secondaryAfter of those after which the secondary took mail
 */
record KindFigures(FaultKind kind, int times, Spread longestGap, Optional<Spread> secondaryAfter) {

  /** Percentiles by nearest rank. */
  record Spread(Duration median, Duration p99, Duration longest) {
    /**
     * @throws IllegalArgumentException when there is nothing to rank
     */
    static Spread of(Stream<Duration> durations) {
      List<Duration> sorted = durations.sorted(Comparator.naturalOrder()).toList();
      if (sorted.isEmpty()) {
        throw new IllegalArgumentException("nothing was measured");
      }
      return new Spread(rank(sorted, 0.5), rank(sorted, 0.99), sorted.getLast());
    }

    private static Duration rank(List<Duration> sorted, double quantile) {
      return sorted.get((int) Math.ceil(quantile * sorted.size()) - 1);
    }
  }

  /** In the order of the kinds. */
  static List<KindFigures> of(List<FaultFigures> faults) {
    Map<FaultKind, List<FaultFigures>> byKind = new EnumMap<>(FaultKind.class);
    for (FaultFigures fault : faults) {
      byKind.computeIfAbsent(fault.account().fault().kind(), kind -> new ArrayList<>()).add(fault);
    }
    List<KindFigures> all = new ArrayList<>();
    byKind.forEach((kind, its) -> {
      List<Duration> after =
          its.stream().map(FaultFigures::secondaryAfter).flatMap(Optional::stream).toList();
      all.add(
          new KindFigures(
              kind,
              its.size(),
              Spread.of(its.stream().map(FaultFigures::longestGap)),
              after.isEmpty() ? Optional.empty() : Optional.of(Spread.of(after.stream()))));
    });
    return all;
  }

  /** For people. */
  String text() {
    return "%-4s %3d times; longest gap: %s%s"
        .formatted(
            kind,
            times,
            text(longestGap),
            secondaryAfter.map(spread -> "; secondary in: " + text(spread)).orElse(""));
  }

  private static String text(Spread spread) {
    return "p50 %.2f s, p99 %.2f s, max %.2f s"
        .formatted(
            TortureReport.seconds(spread.median),
            TortureReport.seconds(spread.p99),
            TortureReport.seconds(spread.longest));
  }
}
