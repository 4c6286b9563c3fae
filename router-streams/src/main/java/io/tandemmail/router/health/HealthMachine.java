package io.tandemmail.router.health;

import io.tandemmail.model.server.ServerCommand;
import io.tandemmail.model.server.ServerHealth;
import io.tandemmail.model.server.ServerMode;
import io.tandemmail.model.server.ServerObservation;
import io.tandemmail.model.server.ServerState;
import io.tandemmail.model.settings.HealthSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Folds observations, orders and time into the state of a server. See the package comment for the states.
 *
 * <p>A fault seen by one worker alone may be that worker's own network: a server leaves service only when at least half of
 * the reporters heard from lately see it fail.
 */
public final class HealthMachine {
  /** Where the ramp begins; shares move in steps of this size, so a return is ten changes of health, not hundreds. */
  static final int SHARE_STEP = 10;

  private static final int MAX_DOUBLINGS = 16;

  /** A reporter that was silent for longer has no vote. */
  private static final Duration VOTE_LIFE = Duration.ofSeconds(5);

  private final HealthSettings settings;

  public HealthMachine(HealthSettings settings) {
    this.settings = settings;
  }

  public ServerTrack observe(ServerTrack track, ServerObservation seen, Instant now) {
    ServerTrack noted = note(track, seen, now);
    return switch (noted.health().state()) {
      case UP, OVERLOADED, RECOVERING -> failing(noted) ? fall(noted, seen.evidence(), now) : noted;
      case DOWN -> countProbe(noted, seen, now);
      case DRAINED -> noted;
    };
  }

  public ServerTrack command(ServerTrack track, ServerCommand order, Instant now) {
    ServerHealth health = track.health();
    String evidence =
        "ordered by " + order.by() + (order.why().isEmpty() ? "" : ": " + order.why());
    if (order.mode() == health.mode()) {
      return track;
    }
    return switch (order.mode()) {
      case DRAINED ->
          track.with(changed(health, ServerState.DRAINED, 0, now, evidence, order.mode()));
      case DOWN -> track.with(changed(health, ServerState.DOWN, 0, now, evidence, order.mode()));
      case AUTO ->
          failing(track)
              ? fall(
                  track.with(changed(health, ServerState.DOWN, 0, now, evidence, ServerMode.AUTO)),
                  evidence,
                  now)
              : track.with(
                  changed(
                      health, ServerState.RECOVERING, SHARE_STEP, now, evidence, ServerMode.AUTO));
    };
  }

  /** What time alone changes: the ramp, and forgiveness for old flaps. */
  public ServerTrack tick(ServerTrack track, Instant now) {
    ServerHealth health = track.health();
    if (health.state() == ServerState.RECOVERING) {
      return climb(track, now);
    }
    boolean steady = health.state() == ServerState.UP && settled(health, now);
    return steady && track.flaps() > 0 ? track.withFlaps(0) : track;
  }

  /** When {@link #tick} has something to do if nothing else happens before; empty: never. */
  public Optional<Instant> nextTick(ServerTrack track) {
    ServerHealth health = track.health();
    return switch (health.state()) {
      case RECOVERING -> Optional.of(health.since().plus(climbTo(health.share() + SHARE_STEP)));
      case UP ->
          track.flaps() > 0
              ? Optional.of(health.since().plus(settings.coolDownMax()))
              : Optional.empty();
      case OVERLOADED, DOWN, DRAINED -> Optional.empty();
    };
  }

  private ServerTrack note(ServerTrack track, ServerObservation seen, Instant now) {
    Map<String, ServerTrack.Report> reporters = new HashMap<>(track.reporters());
    reporters.values().removeIf(report -> report.at().plus(VOTE_LIFE).isBefore(now));
    reporters.put(seen.reporter(), new ServerTrack.Report(now, seen.failedInARow()));
    return track.withReporters(reporters);
  }

  private boolean failing(ServerTrack track) {
    int failed = 0;
    int failingReporters = 0;
    for (ServerTrack.Report report : track.reporters().values()) {
      failed += report.failedInARow();
      failingReporters += report.failedInARow() > 0 ? 1 : 0;
    }
    return failed >= settings.downAfterFailures()
        && 2 * failingReporters >= track.reporters().size();
  }

  private ServerTrack fall(ServerTrack track, String lastFault, Instant now) {
    ServerHealth health = track.health();
    boolean flap =
        health.state() == ServerState.RECOVERING || (health.epoch() > 0 && !settled(health, now));
    int flaps = flap ? Math.min(track.flaps() + 1, MAX_DOUBLINGS) : track.flaps();
    Instant until = now.plus(coolDown(flaps));
    ServerHealth down =
        changed(health, ServerState.DOWN, 0, now, evidence(track, lastFault), ServerMode.AUTO);
    return new ServerTrack(down, track.reporters(), 0, flaps, until);
  }

  private Duration coolDown(int flaps) {
    Duration grown = settings.coolDownMin().multipliedBy(1L << flaps);
    return grown.compareTo(settings.coolDownMax()) > 0 ? settings.coolDownMax() : grown;
  }

  private ServerTrack countProbe(ServerTrack track, ServerObservation seen, Instant now) {
    if (seen.failedInARow() > 0) {
      return track.withProbesInARow(0);
    }
    ServerTrack counted = track.withProbesInARow(track.probesInARow() + seen.succeeded());
    boolean mayReturn =
        track.health().mode() == ServerMode.AUTO
            && counted.probesInARow() >= settings.upAfterSuccesses()
            && !now.isBefore(track.coolDownUntil());
    if (!mayReturn) {
      return counted;
    }
    String evidence = counted.probesInARow() + " probes in a row succeeded";
    return counted.with(
        changed(
            track.health(), ServerState.RECOVERING, SHARE_STEP, now, evidence, ServerMode.AUTO));
  }

  private ServerTrack climb(ServerTrack track, Instant now) {
    ServerHealth health = track.health();
    long rampMillis = Math.max(1, settings.ramp().toMillis());
    long elapsedMillis = Math.max(0, Duration.between(health.since(), now).toMillis());
    int reached = (int) Math.min(100, SHARE_STEP + (100 - SHARE_STEP) * elapsedMillis / rampMillis);
    int share = reached / SHARE_STEP * SHARE_STEP;
    if (share >= 100) {
      return track.with(changed(health, ServerState.UP, 100, now, "ramp completed", health.mode()));
    }
    return share == health.share()
        ? track
        : track.with(
            changed(
                health,
                ServerState.RECOVERING,
                share,
                health.since(),
                health.evidence(),
                health.mode()));
  }

  /** The inverse of {@link #climb}, rounded up: how long the ramp takes to a share. */
  private Duration climbTo(int share) {
    long climbed = (share - SHARE_STEP) * Math.max(1, settings.ramp().toMillis());
    return Duration.ofMillis(Math.ceilDiv(climbed, 100 - SHARE_STEP));
  }

  /** In its state for so long that a fall is a new event and not the continuation of the last one. */
  private boolean settled(ServerHealth health, Instant now) {
    return !health.since().plus(settings.coolDownMax()).isAfter(now);
  }

  private static ServerHealth changed(
      ServerHealth from,
      ServerState state,
      int share,
      Instant since,
      String evidence,
      ServerMode mode) {
    return new ServerHealth(
        from.server(), state, share, from.epoch() + 1, since, evidence, mode, from.drift());
  }

  private static String evidence(ServerTrack track, String lastFault) {
    int failed = 0;
    int reporters = 0;
    for (ServerTrack.Report report : track.reporters().values()) {
      failed += report.failedInARow();
      reporters += report.failedInARow() > 0 ? 1 : 0;
    }
    return failed
        + " faults in a row seen by "
        + reporters
        + (reporters == 1 ? " worker" : " workers")
        + (lastFault.isEmpty() ? "" : ", last: " + lastFault);
  }
}
