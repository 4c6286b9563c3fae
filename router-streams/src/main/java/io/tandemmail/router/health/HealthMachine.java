package io.tandemmail.router.health;

import io.tandemmail.model.server.ServerCommand;
import io.tandemmail.model.server.ServerHealth;
import io.tandemmail.model.server.ServerMode;
import io.tandemmail.model.server.ServerObservation;
import io.tandemmail.model.server.ServerState;
import io.tandemmail.model.settings.HealthSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Folds observations, orders and time into the state of a server. See the package comment for the states. */
public final class HealthMachine {
  /** Where the ramp begins; shares move in steps of this size, so a return is ten changes of health, not hundreds. */
  static final int SHARE_STEP = 10;

  private static final int MAX_DOUBLINGS = 16;
  private static final String WELL_BUT = "in service, but ";

  private final HealthSettings settings;
  private final Overload overload;

  public HealthMachine(HealthSettings settings) {
    this.settings = settings;
    this.overload = new Overload(settings.drainTarget());
  }

  public ServerTrack observe(ServerTrack track, ServerObservation seen, Instant now) {
    ServerTrack noted = Votes.note(track, seen, now);
    return switch (noted.health().state()) {
      case UP, OVERLOADED, RECOVERING ->
          Votes.failing(noted, settings)
              ? fall(noted, seen.evidence(), now)
              : remark(share(slowness(noted, now), now));
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
          Votes.failing(track, settings)
              ? fall(
                  track.with(changed(health, ServerState.DOWN, 0, now, evidence, ServerMode.AUTO)),
                  evidence,
                  now)
              : recovering(track, evidence, now);
    };
  }

  /** What time alone changes: the ramp, what an overloaded server gets back, and forgiveness for old flaps. */
  public ServerTrack tick(ServerTrack track, Instant now) {
    ServerHealth health = track.health();
    return switch (health.state()) {
      case RECOVERING -> climb(track, now);
      case OVERLOADED -> share(track, now);
      case UP -> track.flaps() > 0 && settled(health, now) ? track.withFlaps(0) : track;
      case DOWN, DRAINED -> track;
    };
  }

  /** When {@link #tick} has something to do if nothing else happens before; empty: never. */
  public Optional<Instant> nextTick(ServerTrack track) {
    ServerHealth health = track.health();
    return switch (health.state()) {
      case RECOVERING -> Optional.of(health.since().plus(climbTo(health.share() + SHARE_STEP)));
      case OVERLOADED -> Optional.of(track.shedding().at().plus(Overload.STEP));
      case UP ->
          track.flaps() > 0
              ? Optional.of(health.since().plus(settings.coolDownMax()))
              : Optional.empty();
      case DOWN, DRAINED -> Optional.empty();
    };
  }

  /** Whether it has become slow, or is slow no more; of one on its way back nobody knows. */
  private static ServerTrack slowness(ServerTrack track, Instant now) {
    if (track.health().state() == ServerState.RECOVERING) {
      return track.withSlowness(track.slowness().over());
    }
    ServerTrack noted = track.withSlowness(track.slowness().next(track, now));
    ServerHealth health = track.health();
    boolean slow = noted.slowness().slow();
    return slow == health.slow() ? noted : noted.with(health.slowed(slow));
  }

  /** A step of the control of its share, if it is time for one. */
  private ServerTrack share(ServerTrack track, Instant now) {
    if (!Overload.isDue(track.shedding(), now)) {
      return track;
    }
    ServerHealth health = track.health();
    Overload.Decision next = overload.step(track, now);
    ServerTrack stepped = track.withShedding(next.shedding());
    boolean cut = next.share() < health.share();
    return switch (health.state()) {
      case UP, RECOVERING ->
          cut
              ? stepped.with(
                  changed(
                      health,
                      ServerState.OVERLOADED,
                      next.share(),
                      now,
                      next.evidence().orElse(""),
                      health.mode()))
              : stepped;
      case OVERLOADED ->
          next.share() == health.share() ? stepped : stepped.with(moved(health, next, now));
      case DOWN, DRAINED -> stepped;
    };
  }

  private static ServerHealth moved(ServerHealth health, Overload.Decision next, Instant now) {
    return next.share() == 100
        ? changed(health, ServerState.UP, 100, now, "took its whole share back", health.mode())
        : changed(
            health,
            ServerState.OVERLOADED,
            next.share(),
            health.since(),
            next.evidence().orElse(health.evidence()),
            health.mode());
  }

  /** Says of a server that is well what is odd about it, and when it is over. */
  private ServerTrack remark(ServerTrack track) {
    ServerHealth health = track.health();
    if (health.state() != ServerState.UP) {
      return track;
    }
    String oddities =
        Stream.of(track.slowness().words(), Votes.oddities(track, settings))
            .filter(words -> !words.isEmpty())
            .collect(Collectors.joining("; "));
    boolean said = health.evidence().startsWith(WELL_BUT);
    if (oddities.isEmpty() ? !said : health.evidence().equals(WELL_BUT + oddities)) {
      return track;
    }
    String evidence = oddities.isEmpty() ? "nothing odd about it any more" : WELL_BUT + oddities;
    return track.with(
        changed(health, ServerState.UP, 100, health.since(), evidence, health.mode()));
  }

  private ServerTrack recovering(ServerTrack track, String evidence, Instant now) {
    ServerTrack forgiven = Votes.forgive(track);
    return forgiven
        .withShedding(track.shedding().rested())
        .with(
            changed(
                track.health(),
                ServerState.RECOVERING,
                SHARE_STEP,
                now,
                evidence,
                ServerMode.AUTO));
  }

  private ServerTrack fall(ServerTrack track, String lastFault, Instant now) {
    ServerHealth health = track.health();
    int flaps = Math.min(track.flaps() + doublings(health, now), MAX_DOUBLINGS);
    String evidence = Votes.evidence(track, settings, lastFault);
    return new ServerTrack(
        changed(health, ServerState.DOWN, 0, now, evidence, ServerMode.AUTO),
        track.reporters(),
        0,
        flaps,
        now.plus(coolDown(flaps)),
        track.shedding().rested(),
        track.slowness());
  }

  /** Who falls on the way back has not been well at all, and counts twice; what is rehearsed does not count. */
  private int doublings(ServerHealth health, Instant now) {
    if (health.drill().isPresent()) {
      return 0;
    }
    if (health.state() == ServerState.RECOVERING) {
      return 2;
    }
    return health.epoch() > 0 && !settled(health, now) ? 1 : 0;
  }

  private Duration coolDown(int flaps) {
    Duration grown = settings.coolDownMin().multipliedBy(1L << flaps);
    return grown.compareTo(settings.coolDownMax()) > 0 ? settings.coolDownMax() : grown;
  }

  private ServerTrack countProbe(ServerTrack track, ServerObservation seen, Instant now) {
    if (seen.failed() > 0) {
      return track.withProbesInARow(0);
    }
    if (seen.kind() != ServerObservation.Kind.PROBE) {
      return track;
    }
    ServerTrack counted = track.withProbesInARow(track.probesInARow() + seen.succeeded());
    boolean mayReturn =
        track.health().mode() == ServerMode.AUTO
            && counted.probesInARow() >= settings.upAfterSuccesses()
            && !now.isBefore(track.coolDownUntil());
    return mayReturn
        ? recovering(counted, counted.probesInARow() + " probes in a row succeeded", now)
        : counted;
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
        from.server(),
        state,
        share,
        from.epoch() + 1,
        since,
        evidence,
        mode,
        from.drift(),
        from.drill(),
        from.slow() && (state == ServerState.UP || state == ServerState.OVERLOADED));
  }
}
