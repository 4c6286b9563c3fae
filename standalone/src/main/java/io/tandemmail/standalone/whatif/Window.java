package io.tandemmail.standalone.whatif;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * The time that is replayed, in whole seconds: second 0 begins at {@code from}.
 *
 * @param from begin, inclusive, without a fraction of a second
 * @param seconds length; the end is exclusive
 */
public record Window(Instant from, int seconds) {
  public Window {
    if (!from.equals(from.truncatedTo(ChronoUnit.SECONDS)) || seconds < 1) {
      throw new IllegalArgumentException("whole seconds, at least one: " + from + ", " + seconds);
    }
  }

  /** The last hours until now, with all that has happened of the second that is running. */
  public static Window lastHours(int hours, Instant now) {
    int seconds = Math.multiplyExact(hours, 3600);
    return new Window(Instant.ofEpochSecond(now.getEpochSecond() + 1 - seconds), seconds);
  }

  public Instant to() {
    return at(seconds);
  }

  public boolean contains(Instant time) {
    return !time.isBefore(from) && time.isBefore(to());
  }

  /** The second that a time of the window falls in. */
  public int secondOf(Instant time) {
    return Math.toIntExact(Duration.between(from, time).toSeconds());
  }

  Instant at(int second) {
    return from.plusSeconds(second);
  }
}
