package io.tandemmail.router.health;

import io.tandemmail.model.server.ServerHealth;
import io.tandemmail.model.server.ServerObservation;
import io.tandemmail.model.server.ServerObservation.Kind;
import io.tandemmail.model.server.ServerObservation.Load;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What the health machine remembers of one server. The reporters' words and the pace of the shedding are soft: a router that
 * takes over has them again within one report; the rest survives in the state store.
 *
 * @param reporters each reporter's latest word
 * @param probesInARow successful probes since the server left service
 * @param flaps how often the cool-down has doubled, for falls soon after a return
 * @param coolDownUntil no return before
 */
public record ServerTrack(
    ServerHealth health,
    Map<String, Report> reporters,
    int probesInARow,
    int flaps,
    Instant coolDownUntil,
    Shedding shedding,
    Slowness slowness) {

  public ServerTrack {
    reporters = Map.copyOf(reporters);
  }

  /**
   * The latest word of one reporter.
   *
   * @param faultsInARow as reported
   * @param forgiven as many of these are of no account any more
   * @param rowSince when the first of those came that are
   * @param wellAt when a transaction of its last ended as it should
   * @param failed faults of mail transactions and their sessions of late: the older, the less they count
   * @param succeeded transactions, likewise
   * @param oddity about a server that works
   */
  record Report(
      Instant at,
      int faultsInARow,
      int forgiven,
      Instant rowSince,
      Instant wellAt,
      double failed,
      double succeeded,
      String oddity,
      Optional<Load> load) {
    static final Report NONE =
        new Report(Instant.EPOCH, 0, 0, Instant.EPOCH, Instant.EPOCH, 0, 0, "", Optional.empty());

    private static final double HALF_LIFE_MILLIS = 2_000;

    Report followedBy(ServerObservation seen, Instant now) {
      double left =
          Math.pow(0.5, Math.max(0, Duration.between(at, now).toMillis()) / HALF_LIFE_MILLIS);
      boolean ofMail = seen.kind() == Kind.PASSIVE;
      return new Report(
          now,
          seen.failedInARow(),
          Math.min(forgiven, seen.failedInARow()),
          inARow() > 0 ? rowSince : now,
          ofMail && seen.succeeded() > 0 ? now : wellAt,
          left * failed + (ofMail ? seen.failed() : 0),
          left * succeeded + (ofMail ? seen.succeeded() : 0),
          seen.failedInARow() == 0 ? seen.evidence() : oddity,
          seen.load().isPresent() ? seen.load() : load);
    }

    Report pardoned() {
      return new Report(at, faultsInARow, faultsInARow, at, wellAt, 0, 0, oddity, Optional.empty());
    }

    int inARow() {
      return Math.max(0, faultsInARow - forgiven);
    }

    boolean seesFaults() {
      return inARow() > 0 || failed > succeeded;
    }
  }

  public static ServerTrack fresh(String server) {
    return new ServerTrack(
        ServerHealth.unknown(server), Map.of(), 0, 0, Instant.EPOCH, Shedding.NONE, Slowness.NONE);
  }

  ServerTrack with(ServerHealth next) {
    return new ServerTrack(next, reporters, probesInARow, flaps, coolDownUntil, shedding, slowness);
  }

  ServerTrack withReporters(Map<String, Report> next) {
    return new ServerTrack(health, next, probesInARow, flaps, coolDownUntil, shedding, slowness);
  }

  ServerTrack withProbesInARow(int next) {
    return new ServerTrack(health, reporters, next, flaps, coolDownUntil, shedding, slowness);
  }

  ServerTrack withFlaps(int next) {
    return new ServerTrack(
        health, reporters, probesInARow, next, coolDownUntil, shedding, slowness);
  }

  ServerTrack withShedding(Shedding next) {
    return new ServerTrack(health, reporters, probesInARow, flaps, coolDownUntil, next, slowness);
  }

  ServerTrack withSlowness(Slowness next) {
    return new ServerTrack(health, reporters, probesInARow, flaps, coolDownUntil, shedding, next);
  }
}
