package io.tandemmail.standalone.whatif.report;

import io.tandemmail.standalone.whatif.HealthHistory;
import io.tandemmail.standalone.whatif.Scenario;
import io.tandemmail.standalone.whatif.Window;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What the figures rest on where nothing was recorded. */
public final class Notes {
  /** A quiet minute at the beginning says nothing. */
  private static final Duration QUIET = Duration.ofMinutes(1);

  private final Window window;
  private final List<String> notes = new ArrayList<>();

  public Notes(Window window) {
    this.window = window;
  }

  /**
   * @param first event that was found in the window
   */
  public Notes reach(Optional<Instant> first) {
    if (first.isEmpty()) {
      notes.add("there are no outcomes of this time: no mail, or they are not kept so long");
    } else if (first.get().isAfter(window.from().plus(QUIET))) {
      notes.add(
          "outcomes begin at "
              + first.get()
              + ": before that there was no mail, or they are not kept so long");
    }
    return this;
  }

  public Notes assumed(double otherwise, Map<String, Double> byServer) {
    StringBuilder which = new StringBuilder();
    new TreeMap<>(byServer)
        .forEach((server, seconds) -> which.append(server + ": " + seconds(seconds) + ", "));
    which.append(byServer.isEmpty() ? "" : "others: ").append(seconds(otherwise));
    notes.add("a connection is taken to be busy with one message for " + which);
    return this;
  }

  public Notes health(Scenario proposed, HealthHistory history) {
    for (String server : proposed.newServers()) {
      notes.add(server + " is new at its address and taken for UP throughout");
    }
    for (String server : proposed.servers().keySet()) {
      proposed
          .recordedAs(server)
          .flatMap(recorded -> history.unknownUntil(recorded, window.from()))
          .ifPresent(until ->
              notes.add(
                  "the health of "
                      + server
                      + " is not recorded before "
                      + until
                      + " and taken for UP until then"));
    }
    return this;
  }

  public List<String> all() {
    return List.copyOf(notes);
  }

  private static String seconds(double seconds) {
    return String.format(Locale.ROOT, "%s s", seconds);
  }
}
