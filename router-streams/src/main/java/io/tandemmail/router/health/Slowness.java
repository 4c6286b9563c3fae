package io.tandemmail.router.health;

import io.tandemmail.model.server.ServerHealth;
import io.tandemmail.model.server.ServerObservation.Load;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/**
 * Whether a server's transactions take much longer than usual. Mail of high priority leaves such a server at once and alone:
 * seconds before {@link Overload} takes a share of all mail away, and on less.
 *
 * <p>Slow is twice the usual time, and 100 ms more at least, in all that was reported for 0.7 s. It is over when for five
 * seconds nothing was slow; of one that was slow in the ten minutes before, for twice as long as the last time. Where no
 * other mail shows that it is over, it is found out by trying.
 *
 * @param usualMillis of a transaction; 0: not known yet. It falls as {@link Shedding#usualMillis} does and rises so little
 *     that a server at a tenth of its speed is taken for what it is after a quarter of an hour
 * @param at of the last report
 * @param since when the reports began to say the contrary of {@code slow}; {@link Instant#MAX}: they do not
 * @param changedAt when {@code slow} last changed
 * @param relapses how often the way back has doubled
 * @param words for people; empty unless slow
 */
record Slowness(
    boolean slow,
    double usualMillis,
    Instant at,
    Instant since,
    Instant changedAt,
    int relapses,
    String words) {
  static final Slowness NONE =
      new Slowness(false, 0, Instant.EPOCH, Instant.MAX, Instant.EPOCH, 0, "");

  private static final Duration SLOW_AFTER = Duration.ofMillis(700);
  private static final Duration WELL_AFTER = Duration.ofSeconds(5);
  private static final Duration WELL_AFTER_MAX = Duration.ofMinutes(5);
  private static final Duration RELAPSE_WITHIN = Duration.ofMinutes(10);
  private static final int RELAPSES_MAX = 6;
  private static final double USUAL_RISES_A_SECOND = 1.002;

  /** As known to a router that has just taken over. */
  static Slowness of(ServerHealth health, double usualMillis) {
    boolean slow = health.slow();
    return new Slowness(
        slow,
        usualMillis,
        Instant.EPOCH,
        Instant.MAX,
        Instant.EPOCH,
        0,
        slow ? "transactions take long" : "");
  }

  /** After a report; {@code track} has it already. */
  Slowness next(ServerTrack track, Instant now) {
    double usual = usual(track.shedding(), now);
    Load load = Overload.sum(track, now);
    boolean slowNow = load.latencyMillis() > Overload.wellMillis(usual);
    if (slowNow == slow) {
      return new Slowness(slow, usual, now, Instant.MAX, changedAt, relapses, words);
    }
    Instant from = since.isAfter(now) ? now : since;
    if (from.plus(slow ? wellAfter() : SLOW_AFTER).isAfter(now)) {
      return new Slowness(slow, usual, now, from, changedAt, relapses, words);
    }
    return slow ? over(usual, now) : begun(usual, load.latencyMillis(), now);
  }

  /** Left service: whether it is well is not known. */
  Slowness over() {
    return slow ? over(usualMillis, at) : this;
  }

  private Slowness over(double usual, Instant now) {
    return new Slowness(false, usual, now, Instant.MAX, now, relapses, "");
  }

  private Slowness begun(double usual, double millis, Instant now) {
    boolean relapse = changedAt.plus(RELAPSE_WITHIN).isAfter(now);
    return new Slowness(
        true,
        usual,
        now,
        Instant.MAX,
        now,
        relapse ? Math.min(relapses + 1, RELAPSES_MAX) : 0,
        String.format(
            Locale.ROOT,
            "transactions take %.0f ms, usually %.0f ms, and mail of high priority leaves",
            millis,
            usual));
  }

  private double usual(Shedding shedding, Instant now) {
    if (shedding.samples() < Overload.SAMPLES_MIN) {
      return usualMillis;
    }
    if (usualMillis == 0) {
      return shedding.usualMillis();
    }
    double seconds = Math.max(0, Duration.between(at, now).toMillis() / 1_000.0);
    return Math.min(shedding.usualMillis(), usualMillis * Math.pow(USUAL_RISES_A_SECOND, seconds));
  }

  private Duration wellAfter() {
    Duration grown = WELL_AFTER.multipliedBy(1L << relapses);
    return grown.compareTo(WELL_AFTER_MAX) > 0 ? WELL_AFTER_MAX : grown;
  }
}
