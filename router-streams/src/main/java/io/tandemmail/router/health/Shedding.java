package io.tandemmail.router.health;

import java.time.Instant;

/**
 * Where the control of a server's share stands ({@link Overload}).
 *
 * @param at of the last step
 * @param ratePerSecond of all reporters, smoothed
 * @param drainSeconds projected, smoothed
 * @param trendSeconds the same, of a longer time
 * @param latencyMillis of a transaction, smoothed
 * @param usualMillis what a transaction takes when the server is well
 * @param samples steps that taught the usual time
 * @param congested steps in a row that found too much
 * @param relaxed steps that found room since there was last too much
 * @param rest steps before another cut
 */
record Shedding(
    Instant at,
    double ratePerSecond,
    double drainSeconds,
    double trendSeconds,
    double latencyMillis,
    double usualMillis,
    int samples,
    int congested,
    int relaxed,
    int rest) {
  static final Shedding NONE = new Shedding(Instant.EPOCH, 0, 0, 0, 0, 0, 0, 0, 0, 0);

  /** Where nothing is known but what a transaction usually takes. */
  static Shedding usually(double millis) {
    return new Shedding(
        Instant.EPOCH, 0, 0, 0, 0, millis, millis > 0 ? Overload.SAMPLES_MIN : 0, 0, 0, 0);
  }

  /** What a cut shows is waited for. */
  Shedding resting(int steps) {
    return new Shedding(
        at,
        ratePerSecond,
        drainSeconds,
        trendSeconds,
        latencyMillis,
        usualMillis,
        samples,
        congested,
        0,
        steps);
  }

  /** As after a time out of service: only the usual time of a transaction is still known. */
  Shedding rested() {
    return new Shedding(at, 0, 0, 0, 0, usualMillis, samples, 0, 0, 0);
  }
}
