package io.tandemmail.model.server;

import java.time.Instant;
import java.util.List;

/**
 * The cluster's one opinion of a server, on {@code mail.server-health} (I8).
 *
 * @param share 0–100: how much of what the route would give it this server takes
 * @param epoch grows with every change; stamped on every routed record
 * @param evidence in words, for people: {@code 5 refused connections from 3 workers in 0.4 s}
 * @param drift in what it is not what its routes need, as last seen (docs/parity.md)
 */
public record ServerHealth(
    String server,
    ServerState state,
    int share,
    long epoch,
    Instant since,
    String evidence,
    ServerMode mode,
    List<Drift> drift) {
  public ServerHealth {
    drift = List.copyOf(drift);
    if (share < 0 || share > 100) {
      throw new IllegalArgumentException("share must be 0..100: " + share);
    }
  }

  /** A server that is what its routes need, as far as anybody has looked. */
  public ServerHealth(
      String server,
      ServerState state,
      int share,
      long epoch,
      Instant since,
      String evidence,
      ServerMode mode) {
    this(server, state, share, epoch, since, evidence, mode, List.of());
  }

  /** A server nobody has reported on yet is given the benefit of the doubt. */
  public static ServerHealth unknown(String server) {
    return new ServerHealth(
        server, ServerState.UP, 100, 0, Instant.EPOCH, "no fault seen yet", ServerMode.AUTO);
  }

  /** The same with other drift, and an epoch of its own: it may change where mail goes. */
  public ServerHealth drifted(List<Drift> other) {
    return new ServerHealth(server, state, share, epoch + 1, since, evidence, mode, other);
  }

  public boolean inService() {
    return state.inService();
  }
}
