package io.tandemmail.model.disk;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What each broker last said. Kept for half a minute after it fell silent, so that one unanswered question does not open the
 * gate; then forgotten, for a broker that is gone must not keep mail from those that are there.
 *
 * @param byBroker by broker id
 */
public record DiskReadings(Map<Integer, Reading> byBroker) {
  public static final DiskReadings NONE = new DiskReadings(Map.of());

  private static final long KEPT_NANOS = Duration.ofSeconds(30).toNanos();

  public DiskReadings {
    byBroker = Map.copyOf(byBroker);
  }

  /**
   * @param atNanos monotonic
   */
  public record Reading(List<LogDir> dirs, long atNanos) {
    public Reading {
      dirs = List.copyOf(dirs);
    }
  }

  /**
   * @param answers of the brokers that gave one
   * @param nowNanos monotonic
   */
  public DiskReadings next(Map<Integer, List<LogDir>> answers, long nowNanos) {
    Map<Integer, Reading> next = new TreeMap<>(byBroker);
    next.values().removeIf(reading -> nowNanos - reading.atNanos() > KEPT_NANOS);
    answers.forEach((broker, dirs) -> next.put(broker, new Reading(dirs, nowNanos)));
    return new DiskReadings(next);
  }

  /** By broker. */
  public List<LogDir> known() {
    return new TreeMap<>(byBroker)
        .values().stream().flatMap(reading -> reading.dirs().stream()).toList();
  }
}
