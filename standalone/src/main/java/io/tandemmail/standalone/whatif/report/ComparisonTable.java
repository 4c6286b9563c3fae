package io.tandemmail.standalone.whatif.report;

import io.tandemmail.model.wire.Topics.Lane;
import io.tandemmail.standalone.whatif.Figures;
import io.tandemmail.standalone.whatif.Figures.LaneFigures;
import io.tandemmail.standalone.whatif.Figures.ServerFigures;
import io.tandemmail.standalone.whatif.report.Comparison.Replayed;
import java.time.Instant;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** For people. */
public final class ComparisonTable {
  private static final Comparator<Lane> BY_NAME =
      Comparator.comparing(Lane::route).thenComparing(Lane::server);

  private final Comparison comparison;
  private final StringBuilder text = new StringBuilder();

  private ComparisonTable(Comparison comparison) {
    this.comparison = comparison;
  }

  public static String text(Comparison comparison) {
    return new ComparisonTable(comparison).write();
  }

  private String write() {
    line("%s to %s, in UTC", comparison.window().from(), comparison.window().to());
    line(
        "%d messages accepted, at most %d in one second; %d second and later attempts (not replayed)",
        comparison.load().messages(),
        comparison.load().peakPerSecond(),
        comparison.load().furtherAttempts());
    line("proposed %s %s", comparison.proposed().name(), comparison.proposed().hash());
    line("running  %s %s", comparison.running().name(), comparison.running().hash());
    text.append('\n');
    split();
    servers("PROPOSED", comparison.proposed());
    servers("RUNNING", comparison.running());
    waiting(comparison.proposed().figures());
    comparison.notes().forEach(note -> line("note: %s", note));
    return text.toString();
  }

  private void split() {
    line("%-38s %17s %17s %17s", "MESSAGES DELIVERED", "proposed", "running, replayed", "really");
    for (Lane lane : lanes()) {
      line(
          "%-18s %-19s %17s %17s %17s",
          lane.route(),
          lane.server(),
          replayed(comparison.proposed().figures(), lane),
          replayed(comparison.running().figures(), lane),
          amount(comparison.really(lane).messages(), comparison.reallySharePercent(lane)));
    }
    text.append('\n');
  }

  private SortedSet<Lane> lanes() {
    SortedSet<Lane> lanes = new TreeSet<>(BY_NAME);
    comparison.proposed().figures().lanes().forEach(lane -> lanes.add(lane(lane)));
    comparison.running().figures().lanes().forEach(lane -> lanes.add(lane(lane)));
    lanes.addAll(comparison.really().keySet());
    return lanes;
  }

  private static Lane lane(LaneFigures lane) {
    return new Lane(lane.route(), lane.server());
  }

  private static String replayed(Figures figures, Lane wanted) {
    return figures.lanes().stream()
        .filter(lane -> lane(lane).equals(wanted))
        .map(lane -> amount(lane.delivered(), lane.sharePercent()))
        .findFirst()
        .orElse("-");
  }

  private static String amount(long messages, double sharePercent) {
    return String.format(Locale.ROOT, "%d %6.1f%%", messages, sharePercent);
  }

  private void servers(String title, Replayed replayed) {
    line(
        "%-14s %-28s %9s %12s %9s  %-20s %-20s %8s",
        title, "CAP", "AT CAP s", "PEAK/s", "BACKLOG", "LARGEST AT", "DRAINED AT", "WAIT s");
    for (ServerFigures server : replayed.figures().servers()) {
      line(
          "%-14s %-28s %9d %12s %9d  %-20s %-20s %8d",
          server.server(),
          server.cap(),
          server.capSeconds(),
          String.format(
              Locale.ROOT, "%d %4.0f%%", server.peakPerSecond(), server.peakPercentOfCap()),
          server.largestBacklog(),
          time(server.largestAt()),
          server.largestAt().isPresent() && server.drainedAt().isEmpty()
              ? "not in the window"
              : time(server.drainedAt()),
          server.longestWaitSeconds());
    }
    text.append('\n');
  }

  private void waiting(Figures proposed) {
    for (LaneFigures lane : proposed.lanes()) {
      if (lane.movedOut() > 0) {
        line(
            "%s: %d waiting messages would have left %s for another server",
            lane.route(), lane.movedOut(), lane.server());
      }
      if (lane.waiting() > 0) {
        line(
            "%s: %d messages would still wait for %s at the end",
            lane.route(), lane.waiting(), lane.server());
      }
    }
    proposed
        .withoutServer()
        .forEach((route, messages) ->
            line(
                "%s: %d messages would have come while no server was in service", route, messages));
    proposed
        .refused()
        .forEach((route, messages) ->
            line(
                "%s: %d messages would have been REFUSED: no such route",
                printable(route), messages));
  }

  private static String time(Optional<Instant> at) {
    return at.map(Instant::toString).orElse("-");
  }

  private void line(String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values).stripTrailing()).append('\n');
  }

  private static String printable(String route) {
    return route.replaceAll("\\p{Cntrl}", "?");
  }
}
