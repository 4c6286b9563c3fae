package io.tandemmail.standalone.whatif;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * What a configuration would have made of the window.
 *
 * @param lanes by route, its servers in their order
 * @param servers by id
 * @param refused by route that is not configured, messages
 * @param withoutServer by route, messages that came while none of its servers was in service; they wait, none is lost
 */
public record Figures(
    List<LaneFigures> lanes,
    List<ServerFigures> servers,
    SortedMap<String, Long> refused,
    SortedMap<String, Long> withoutServer) {

  /**
   * The mail of a route at a server, in messages.
   *
   * @param placed by the router when they arrived
   * @param movedIn from a server of the route that left service
   * @param movedOut to another because this server left service
   * @param delivered in the window
   * @param sharePercent of what the route's servers delivered; 0 where they delivered nothing
   * @param waiting at the end of the window
   */
  public record LaneFigures(
      String route,
      String server,
      String role,
      long placed,
      long movedIn,
      long movedOut,
      long delivered,
      double sharePercent,
      long waiting) {}

  /**
   * A server's queue. Backlogs are those at the end of a second.
   *
   * @param capSeconds seconds in service after which mail was left over: the cap held it back
   * @param peakPerSecond most new messages of one second, without those moved here from another server
   * @param largestBacklog messages
   * @param largestAt when, empty without a backlog
   * @param drainedAt the first time after that without a backlog; empty if there was none
   * @param longestWaitSeconds of any message, those still waiting at the end included
   * @param delayed messages that left in a later second than they came
   */
  public record ServerFigures(
      String server,
      ServerCap cap,
      int capSeconds,
      Optional<Instant> capFirstAt,
      int peakPerSecond,
      long largestBacklog,
      Optional<Instant> largestAt,
      Optional<Instant> drainedAt,
      int longestWaitSeconds,
      long delayed) {
    public boolean capHit() {
      return capSeconds > 0;
    }

    /** The busiest second against the cap, 100 = exactly the cap. */
    public double peakPercentOfCap() {
      return 100.0 * peakPerSecond / cap.perSecond();
    }
  }

  public long refusedMessages() {
    return refused.values().stream().mapToLong(Long::longValue).sum();
  }
}
