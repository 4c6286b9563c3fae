package io.tandemmail.router.health;

import io.tandemmail.model.server.ServerObservation;
import io.tandemmail.model.settings.HealthSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What the reporters say of a server, put together: is it at fault? A fault seen by one worker alone may be that worker's
 * own network: at least half of the reporters heard from lately must see it. And the faults of one that has had them for a
 * while, as the mail of another went well, count as one: else they would make an outage of anybody's first fault.
 */
final class Votes {
  /** A reporter that was silent for longer has no vote. */
  static final Duration LIFE = Duration.ofSeconds(5);

  /** By then the cluster has an opinion, if others see the same. */
  private static final Duration ROW_SPEAKS_FOR = Duration.ofSeconds(3);

  /** What was under way when the first fault came may still have ended well. */
  private static final Duration UNDER_WAY = Duration.ofSeconds(1);

  private Votes() {}

  static ServerTrack note(ServerTrack track, ServerObservation seen, Instant now) {
    Map<String, ServerTrack.Report> reporters = new HashMap<>(track.reporters());
    reporters.values().removeIf(report -> report.at().plus(LIFE).isBefore(now));
    ServerTrack.Report before = reporters.getOrDefault(seen.reporter(), ServerTrack.Report.NONE);
    reporters.put(seen.reporter(), before.followedBy(seen, now));
    return track.withReporters(reporters);
  }

  /** Faults so far are those of its last time in service: they do not count against its return. */
  static ServerTrack forgive(ServerTrack track) {
    Map<String, ServerTrack.Report> reporters = new HashMap<>(track.reporters());
    reporters.replaceAll((reporter, report) -> report.pardoned());
    return track.withReporters(reporters);
  }

  static boolean failing(ServerTrack track, HealthSettings settings) {
    return half(track) && (inARow(track, settings) || mostly(track, settings));
  }

  static String evidence(ServerTrack track, HealthSettings settings, String lastFault) {
    Collection<ServerTrack.Report> reports = track.reporters().values();
    String what =
        inARow(track, settings) || !mostly(track, settings)
            ? reports.stream().mapToInt(ServerTrack.Report::inARow).sum() + " faults in a row"
            : Math.round(failed(reports))
                + " faults among "
                + Math.round(failed(reports) + succeeded(reports))
                + " transactions of late";
    long seeing = reports.stream().filter(ServerTrack.Report::seesFaults).count();
    return what
        + " seen by "
        + seeing
        + (seeing == 1 ? " worker" : " workers")
        + (lastFault.isEmpty() ? "" : ", last: " + lastFault);
  }

  /** What reporters find odd about a server that works, and who of them sees it fail; empty if nothing. */
  static String oddities(ServerTrack track, HealthSettings settings) {
    return track.reporters().entrySet().stream()
        .map(reporter ->
            reporter.getValue().inARow() >= settings.downAfterFailures()
                ? "it fails for " + reporter.getKey()
                : reporter.getValue().oddity())
        .filter(oddity -> !oddity.isEmpty())
        .distinct()
        .sorted()
        .collect(Collectors.joining("; "));
  }

  private static boolean half(ServerTrack track) {
    Collection<ServerTrack.Report> reports = track.reporters().values();
    return 2 * reports.stream().filter(ServerTrack.Report::seesFaults).count() >= reports.size();
  }

  private static boolean inARow(ServerTrack track, HealthSettings settings) {
    Collection<ServerTrack.Report> reports = track.reporters().values();
    return reports.stream().mapToInt(report -> isAlone(report, reports) ? 1 : report.inARow()).sum()
        >= settings.downAfterFailures();
  }

  /** Its row of faults is old enough for others to have seen the same, and one of them has seen the contrary. */
  private static boolean isAlone(
      ServerTrack.Report report, Collection<ServerTrack.Report> reports) {
    return report.inARow() > 0
        && !report.rowSince().plus(ROW_SPEAKS_FOR).isAfter(report.at())
        && reports.stream()
            .filter(other -> !other.equals(report))
            .anyMatch(other -> !other.wellAt().isBefore(report.rowSince().plus(UNDER_WAY)));
  }

  /** Successes between them do not make it well: half of all mail fails, and it is not little. */
  private static boolean mostly(ServerTrack track, HealthSettings settings) {
    Collection<ServerTrack.Report> reports = track.reporters().values();
    return failed(reports) >= 2.0 * settings.downAfterFailures()
        && failed(reports) >= succeeded(reports);
  }

  private static double failed(Collection<ServerTrack.Report> reports) {
    return reports.stream().mapToDouble(ServerTrack.Report::failed).sum();
  }

  private static double succeeded(Collection<ServerTrack.Report> reports) {
    return reports.stream().mapToDouble(ServerTrack.Report::succeeded).sum();
  }
}
