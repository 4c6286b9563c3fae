package io.tandemmail.router.health;

import io.tandemmail.model.server.ServerHealth;
import java.time.Instant;
import java.util.Map;

/**
 * What the health machine remembers of one server. The reporters' counts are soft: a router that takes over starts them
 * at zero and has them again within one report; the rest survives in the state store.
 *
 * @param reporters each reporter's latest word
 * @param probesInARow successful probes since the server left service
 * @param flaps times it fell soon after it had come back; lengthens the cool-down
 * @param coolDownUntil no return before
 */
public record ServerTrack(
    ServerHealth health,
    Map<String, Report> reporters,
    int probesInARow,
    int flaps,
    Instant coolDownUntil) {

  public ServerTrack {
    reporters = Map.copyOf(reporters);
  }

  /** The latest word of one reporter. */
  public record Report(Instant at, int failedInARow) {}

  public static ServerTrack fresh(String server) {
    return new ServerTrack(ServerHealth.unknown(server), Map.of(), 0, 0, Instant.EPOCH);
  }

  ServerTrack with(ServerHealth next) {
    return new ServerTrack(next, reporters, probesInARow, flaps, coolDownUntil);
  }

  ServerTrack withReporters(Map<String, Report> next) {
    return new ServerTrack(health, next, probesInARow, flaps, coolDownUntil);
  }

  ServerTrack withProbesInARow(int next) {
    return new ServerTrack(health, reporters, next, flaps, coolDownUntil);
  }

  ServerTrack withFlaps(int next) {
    return new ServerTrack(health, reporters, probesInARow, next, coolDownUntil);
  }
}
