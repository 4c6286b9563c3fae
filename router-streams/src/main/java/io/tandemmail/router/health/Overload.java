package io.tandemmail.router.health;

import io.tandemmail.model.server.Drill;
import io.tandemmail.model.server.ServerObservation.Load;
import io.tandemmail.model.server.ServerState;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * How much a server may take: a step per second, additive increase and multiplicative decrease (AIMD), on the time its
 * backlog needs to drain and on the time of a transaction.
 *
 * <p>Too much is a drain time above the target that does not fall, or transactions four times as slow as usual. The third
 * second of it in a row cuts the share: for the backlog to what its growth says the server can take, and then not again for
 * ten seconds; for slow transactions by up to half, each third second. Room is a drain time of less than half the target
 * that does not rise; each second of it gives a little more back, the longer the more, so that a server that is well again
 * has all of it within forty seconds and one that is not quite is asked gently. Between the two the share rests.
 */
final class Overload {
  static final Duration STEP = Duration.ofSeconds(1);

  /** Always enough to see whether the server is well again. */
  static final int SHARE_MIN = 10;

  private static final double FAST = 0.5;

  /** What the drain time is compared with to know whether it rises or falls: reports are two a second and uneven. */
  private static final double TREND = 0.15;

  private static final double DRAIN_SECONDS_MAX = 3_600;
  private static final double CUT_MOST = 0.2;
  private static final double CUT_MOST_FOR_TIME = 0.5;
  private static final double CUT_LEAST = 0.95;
  private static final int PATIENCE_STEPS = 3;

  /** A backlog takes its time to show what a cut has done. */
  private static final int SETTLE_STEPS = 10;

  private static final double GROWTH = 0.15;
  private static final int GROWTH_MAX = 4;
  static final int SAMPLES_MIN = 10;

  /** So a server that stays slower than it was is taken for what it is within some minutes. */
  private static final double USUAL_FORGETS = 1.01;

  private final double targetSeconds;

  Overload(Duration drainTarget) {
    this.targetSeconds = drainTarget.toMillis() / 1_000.0;
  }

  /**
   * What the next second begins with.
   *
   * @param evidence why, in words, if the share was cut
   */
  record Decision(Shedding shedding, int share, Optional<String> evidence) {}

  static boolean isDue(Shedding shedding, Instant now) {
    return !shedding.at().plus(STEP).isAfter(now);
  }

  Decision step(ServerTrack track, Instant now) {
    Shedding before = track.shedding();
    int share = track.health().share();
    Load load = sum(track, now);
    double rate = smoothed(before.ratePerSecond(), load.ratePerSecond());
    double latency =
        load.latencyMillis() == 0
            ? before.latencyMillis()
            : smoothed(before.latencyMillis(), load.latencyMillis());
    double drain = mixed(before.drainSeconds(), drainSeconds(load.backlog(), rate), FAST);
    double trend = mixed(before.trendSeconds(), drain, TREND);
    Optional<Drill> rehearsed = track.health().drill().filter(Drill::overloads);
    boolean slow =
        rehearsed.isPresent()
            || before.samples() >= SAMPLES_MIN && latency > slowMillis(before.usualMillis());
    // The smoothed drain time outlives a backlog, as that of mail which waited for the first
    // connection.
    boolean tooMuch = load.backlog() > 0 && drain > targetSeconds && drain > 0.97 * trend;
    boolean rising = drain > 1 && drain > 1.03 * trend;
    boolean room = drain <= targetSeconds / 2 && !rising;
    boolean asUsual = latency <= wellMillis(track.slowness().usualMillis());
    int congested = slow || tooMuch ? before.congested() + 1 : 0;
    int relaxed = congested > 0 ? 0 : before.relaxed() + (room ? 1 : 0);
    Shedding after =
        learned(
            new Shedding(
                now,
                rate,
                drain,
                trend,
                latency,
                before.usualMillis(),
                before.samples(),
                congested,
                relaxed,
                Math.max(0, before.rest() - 1)),
            load,
            track.health().state(),
            slow);
    if (congested >= PATIENCE_STEPS && after.rest() == 0) {
      double kept = tooMuch ? clamp(CUT_LEAST / (1 + risePerSecond(drain, trend)), CUT_MOST) : 1;
      if (slow) {
        double fitting =
            rehearsed.isPresent() ? CUT_MOST_FOR_TIME : slowMillis(before.usualMillis()) / latency;
        kept = Math.min(kept, clamp(fitting, CUT_MOST_FOR_TIME));
      }
      int less = Math.max(Math.min(share, SHARE_MIN), (int) (share * kept));
      return new Decision(
          after.resting(slow ? PATIENCE_STEPS : SETTLE_STEPS),
          less,
          rehearsed
              .map(drill -> "overload rehearsed by " + drill.id())
              .or(() -> Optional.of(evidence(after, load, tooMuch))));
    }
    int more = room && congested == 0 ? growth(relaxed, asUsual) : 0;
    return new Decision(after, Math.min(100, share + more), Optional.empty());
  }

  static Load sum(ServerTrack track, Instant now) {
    long backlog = 0;
    double rate = 0;
    double millis = 0;
    for (ServerTrack.Report report : track.reporters().values()) {
      if (report.load().isPresent() && !report.at().plus(Votes.LIFE).isBefore(now)) {
        Load its = report.load().get();
        backlog += its.backlog();
        rate += its.ratePerSecond();
        millis += its.ratePerSecond() * its.latencyMillis();
      }
    }
    return new Load(backlog, rate, rate > 0 ? millis / rate : 0);
  }

  private static double smoothed(double before, double now) {
    return before == 0 ? now : mixed(before, now, FAST);
  }

  private static double mixed(double before, double now, double weight) {
    return before + weight * (now - before);
  }

  private static double drainSeconds(long backlog, double rate) {
    return backlog == 0 ? 0 : Math.min(DRAIN_SECONDS_MAX, backlog / Math.max(rate, 1e-6));
  }

  /**
   * How much longer the drain time gets in a second. An arrival that is twice what leaves makes it a second longer each
   * second, so the share divided by one more than this is what the server can take. A smoothed value trails a steady rise
   * by the rise times {@code (1 - weight) / weight}.
   */
  private static double risePerSecond(double drain, double trend) {
    return Math.max(0, drain - trend) * TREND / (1 - TREND);
  }

  private static double slowMillis(double usual) {
    return Math.max(4 * usual, usual + 250);
  }

  /** A server that is still slow has just so much room, and would be asked too much with the next step but one. */
  private static int growth(int relaxed, boolean asUsual) {
    if (asUsual) {
      return (int) Math.clamp(GROWTH * relaxed, 1, GROWTH_MAX);
    }
    return relaxed % PATIENCE_STEPS == 0 ? 1 : 0;
  }

  /** A transaction that takes longer is not as usual; where nobody knows what is usual, each is. */
  static double wellMillis(double usual) {
    return usual == 0 ? Double.MAX_VALUE : Math.max(2 * usual, usual + 100);
  }

  private static Shedding learned(Shedding now, Load load, ServerState state, boolean slow) {
    if (load.latencyMillis() == 0) {
      return now;
    }
    double usual = now.usualMillis();
    int samples = now.samples();
    if (state == ServerState.UP && !slow) {
      usual += (now.latencyMillis() - usual) / Math.min(samples + 1, 20);
      samples = Math.min(samples + 1, SAMPLES_MIN);
    } else {
      usual = Math.max(usual, Math.min(usual * USUAL_FORGETS, now.latencyMillis()));
    }
    return new Shedding(
        now.at(),
        now.ratePerSecond(),
        now.drainSeconds(),
        now.trendSeconds(),
        now.latencyMillis(),
        usual,
        samples,
        now.congested(),
        now.relaxed(),
        now.rest());
  }

  private static double clamp(double kept, double most) {
    return Math.clamp(kept, most, CUT_LEAST);
  }

  private String evidence(Shedding now, Load load, boolean tooMuch) {
    return tooMuch
        ? String.format(
            Locale.ROOT,
            "%d waiting at %.0f/s would take %.0f s, target %.0f s",
            load.backlog(),
            now.ratePerSecond(),
            now.drainSeconds(),
            targetSeconds)
        : String.format(
            Locale.ROOT,
            "transactions take %.0f ms, usually %.0f ms",
            now.latencyMillis(),
            now.usualMillis());
  }
}
