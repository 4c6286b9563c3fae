package io.tandemmail.torture.check;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/** When mail of each partition came to each sink: shows how long a fault held up a share of it. */
public final class Arrivals {
  private final Series[] partitions;
  private final Series second = new Series();
  private final String secondary;

  /**
   * @param partitions of the mail topics
   * @param secondary name of the sink that stands in
   */
  public Arrivals(int partitions, String secondary) {
    this.partitions = new Series[partitions];
    for (int i = 0; i < partitions; i++) {
      this.partitions[i] = new Series();
    }
    this.secondary = secondary;
  }

  public void note(int partition, String sink, Instant at) {
    partitions[partition].add(at.toEpochMilli());
    if (sink.equals(secondary)) {
      second.add(at.toEpochMilli());
    }
  }

  /** The longest time within the window in which no mail of some partition arrived; none in a window that is empty. */
  public Duration longestGap(Instant from, Instant to) {
    if (!from.isBefore(to)) {
      return Duration.ZERO;
    }
    long longest = 0;
    for (Series series : partitions) {
      longest = Math.max(longest, series.longestGap(from.toEpochMilli(), to.toEpochMilli()));
    }
    return Duration.ofMillis(longest);
  }

  /** Until the secondary took a message. */
  public Optional<Duration> secondaryAfter(Instant from) {
    long at = second.firstFrom(from.toEpochMilli());
    return at < 0 ? Optional.empty() : Optional.of(Duration.ofMillis(at - from.toEpochMilli()));
  }

  /** Times in milliseconds, sorted when they are asked for. */
  private static final class Series {
    private long[] times = new long[1024];
    private int size;
    private boolean sorted = true;

    void add(long time) {
      if (size == times.length) {
        times = Arrays.copyOf(times, 2 * size);
      }
      times[size++] = time;
      sorted = false;
    }

    long firstFrom(long from) {
      int at = index(from);
      return at == size ? -1 : times[at];
    }

    long longestGap(long from, long to) {
      long longest = 0;
      long last = from;
      for (int i = index(from); i < size && times[i] <= to; i++) {
        longest = Math.max(longest, times[i] - last);
        last = times[i];
      }
      return Math.max(longest, to - last);
    }

    private int index(long from) {
      if (!sorted) {
        Arrays.sort(times, 0, size);
        sorted = true;
      }
      int at = Arrays.binarySearch(times, 0, size, from);
      int found = at < 0 ? -at - 1 : at;
      while (found > 0 && times[found - 1] == from) {
        found--;
      }
      return found;
    }
  }
}
