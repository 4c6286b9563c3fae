package io.tandemmail.model.server;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The cluster's one opinion of a server, on {@code mail.server-health} (I8).
 *
 * @param share 0–100: how much of what the route would give it this server takes
 * @param epoch grows with every change; stamped on every routed record
 * @param evidence in words, for people: {@code 5 refused connections from 3 workers in 0.4 s}
 * @param drift in what it is not what its routes need, as last seen (docs/parity.md)
 * @param drill what is rehearsed with it right now (docs/drills.md)
 * @param slow its transactions take much longer than usual, which mail of high priority does not wait for (docs/health.md)
 */
public record ServerHealth(
    String server,
    ServerState state,
    int share,
    long epoch,
    Instant since,
    String evidence,
    ServerMode mode,
    List<Drift> drift,
    Optional<Drill> drill,
    boolean slow) {
  public ServerHealth {
    drift = List.copyOf(drift);
    if (share < 0 || share > 100) {
      throw new IllegalArgumentException("share must be 0..100: " + share);
    }
  }

  /** A server that is what its routes need, as far as anybody has looked, outside drills. */
  public ServerHealth(
      String server,
      ServerState state,
      int share,
      long epoch,
      Instant since,
      String evidence,
      ServerMode mode) {
    this(server, state, share, epoch, since, evidence, mode, List.of(), Optional.empty(), false);
  }

  /** The next epoch, with this drill or none. */
  public ServerHealth drilled(Optional<Drill> next) {
    return new ServerHealth(
        server, state, share, epoch + 1, since, evidence, mode, drift, next, slow);
  }

  /** The next epoch, slow or not. */
  public ServerHealth slowed(boolean next) {
    return new ServerHealth(
        server, state, share, epoch + 1, since, evidence, mode, drift, drill, next);
  }

  /** Whether the server may be given this message. */
  public boolean takes(String route, String messageId) {
    return inService() && drill.filter(it -> it.withdraws(route, messageId)).isEmpty();
  }

  /** A server nobody has reported on yet is given the benefit of the doubt. */
  public static ServerHealth unknown(String server) {
    return new ServerHealth(
        server, ServerState.UP, 100, 0, Instant.EPOCH, "no fault seen yet", ServerMode.AUTO);
  }

  /** The same with other drift, and an epoch of its own: it may change where mail goes. */
  public ServerHealth drifted(List<Drift> other) {
    return new ServerHealth(
        server, state, share, epoch + 1, since, evidence, mode, other, drill, slow);
  }

  /** The same for who does not get through to it: out of service, whatever others see. */
  public ServerHealth outOfReach() {
    return new ServerHealth(
        server,
        ServerState.DOWN,
        0,
        epoch,
        since,
        "out of reach from here",
        mode,
        drift,
        drill,
        false);
  }

  public boolean inService() {
    return state.inService();
  }
}
