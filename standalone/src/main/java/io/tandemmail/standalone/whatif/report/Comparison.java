package io.tandemmail.standalone.whatif.report;

import io.tandemmail.model.wire.Topics.Lane;
import io.tandemmail.standalone.whatif.Figures;
import io.tandemmail.standalone.whatif.Traffic.Delivered;
import io.tandemmail.standalone.whatif.Window;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;

/**
 * The answer.
 *
 * @param really what was delivered, by route and server
 * @param notes what the figures do not rest on knowledge for, in words
 */
public record Comparison(
    Window window,
    Load load,
    Replayed proposed,
    Replayed running,
    SortedMap<Lane, Delivered> really,
    List<String> notes) {
  public Comparison {
    notes = List.copyOf(notes);
  }

  /**
   * What arrived.
   *
   * @param messages accepted in the window, those that are suppressed for all recipients left out
   * @param furtherAttempts second and later attempts, which are not replayed
   */
  public record Load(long messages, int peakPerSecond, long furtherAttempts) {
    /**
     * @param perSecond messages of each second of the window
     */
    public static Load of(int[] perSecond, long furtherAttempts) {
      return new Load(
          Arrays.stream(perSecond).asLongStream().sum(),
          Arrays.stream(perSecond).max().orElse(0),
          furtherAttempts);
    }
  }

  /**
   * One configuration.
   *
   * @param name of its file
   * @param hash as {@code status} shows it
   */
  public record Replayed(String name, String hash, Figures figures) {}

  long reallyDelivered(String route) {
    return really.entrySet().stream()
        .filter(entry -> entry.getKey().route().equals(route))
        .mapToLong(entry -> entry.getValue().messages())
        .sum();
  }

  /** Of what the route's servers really delivered, 0 where they delivered nothing. */
  double reallySharePercent(Lane lane) {
    long all = reallyDelivered(lane.route());
    return all == 0 ? 0 : 100.0 * really(lane).messages() / all;
  }

  Delivered really(Lane lane) {
    return really.getOrDefault(lane, Delivered.NOTHING);
  }
}
