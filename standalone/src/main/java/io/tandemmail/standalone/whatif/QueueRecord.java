package io.tandemmail.standalone.whatif;

import io.tandemmail.standalone.whatif.Figures.ServerFigures;
import java.time.Instant;
import java.util.Optional;

/** What is remembered of a server's queue over the seconds. */
final class QueueRecord {
  private final String server;
  private final ServerCap cap;
  private final Window window;
  private int capSeconds;
  private Optional<Instant> capFirstAt = Optional.empty();
  private int peakPerSecond;
  private long largestBacklog;
  private Optional<Instant> largestAt = Optional.empty();
  private Optional<Instant> drainedAt = Optional.empty();

  QueueRecord(String server, ServerCap cap, Window window) {
    this.server = server;
    this.cap = cap;
    this.window = window;
  }

  void secondEnded(int second, int arrivals, long backlog) {
    peakPerSecond = Math.max(peakPerSecond, arrivals);
    Instant end = window.at(second + 1);
    if (backlog > largestBacklog) {
      largestBacklog = backlog;
      largestAt = Optional.of(end);
      drainedAt = Optional.empty();
    } else if (backlog == 0 && largestAt.isPresent() && drainedAt.isEmpty()) {
      drainedAt = Optional.of(end);
    }
  }

  void capHeldBack(int second) {
    capSeconds++;
    if (capFirstAt.isEmpty()) {
      capFirstAt = Optional.of(window.at(second));
    }
  }

  ServerFigures figures(ServerQueue queue) {
    return new ServerFigures(
        server,
        cap,
        capSeconds,
        capFirstAt,
        peakPerSecond,
        largestBacklog,
        largestAt,
        drainedAt,
        queue.longestWaitSeconds(window.seconds()),
        queue.delayed());
  }
}
