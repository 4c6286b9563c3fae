package io.tandemmail.model.drill;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What came of a drill.
 *
 * @param problems found before any mail was moved; with one of them nothing was
 * @param figures empty when nothing was moved
 * @param missed bounds that were not kept, in words
 */
public record DrillReport(
    DrillPlan plan,
    Origin origin,
    Instant startedAt,
    Instant endedAt,
    List<String> problems,
    Optional<DrillFigures> figures,
    List<String> missed) {

  public DrillReport {
    problems = List.copyOf(problems);
    missed = List.copyOf(missed);
  }

  /** Who wanted it. */
  public record Origin(String by, String why) {}

  public boolean passed() {
    return problems.isEmpty() && missed.isEmpty() && figures.isPresent();
  }
}
