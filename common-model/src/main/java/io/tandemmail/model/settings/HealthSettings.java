package io.tandemmail.model.settings;

import java.time.Duration;

/**
 * @param probeTimeout how long each step of a probe may take: the connection, the greeting, each reply
 * @param downAfterFailures server faults in a row, summed over reporters, that take a server out of service
 * @param upAfterSuccesses probes in a row that bring it back (to RECOVERING)
 * @param ramp from the first returned traffic to the full share
 * @param coolDownMin shortest stay in DOWN; doubles with each flap up to coolDownMax
 * @param drainTarget projected drain time above which a server counts as overloaded
 */
public record HealthSettings(
    Duration probeInterval,
    Duration probeTimeout,
    int downAfterFailures,
    int upAfterSuccesses,
    Duration ramp,
    Duration coolDownMin,
    Duration coolDownMax,
    Duration drainTarget) {

  private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(1);

  public static final HealthSettings DEFAULT =
      new HealthSettings(
          Duration.ofSeconds(2),
          5,
          3,
          Duration.ofSeconds(30),
          Duration.ofSeconds(5),
          Duration.ofMinutes(5),
          Duration.ofSeconds(10));

  /** With the usual time for a probe. */
  public HealthSettings(
      Duration probeInterval,
      int downAfterFailures,
      int upAfterSuccesses,
      Duration ramp,
      Duration coolDownMin,
      Duration coolDownMax,
      Duration drainTarget) {
    this(
        probeInterval,
        PROBE_TIMEOUT,
        downAfterFailures,
        upAfterSuccesses,
        ramp,
        coolDownMin,
        coolDownMax,
        drainTarget);
  }
}
