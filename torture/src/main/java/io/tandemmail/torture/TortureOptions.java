package io.tandemmail.torture;

import io.tandemmail.torture.plan.FaultKind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a run is to be.
 *
 * @param perSecond at most; the load takes messages / perSecond seconds when nothing holds it up
 * @param kinds of faults to choose from
 * @param json where the report goes
 * @param keep a folder that stays: logs of every process, of accepted mail and of the sinks
 * @param healing how long mail may take to arrive after the last fault
 * @param distribution with {@code tandem.jar} and {@code lib}
 */
record TortureOptions(
    int messages,
    int faults,
    long seed,
    int perSecond,
    List<FaultKind> kinds,
    Optional<Path> json,
    Optional<Path> keep,
    Duration healing,
    Path distribution) {
  private static final int WARM_UP_MAX = 5_000;

  TortureOptions {
    kinds = List.copyOf(kinds);
  }

  /** Prefix of all ids. */
  String run() {
    return "t" + seed;
  }

  /** So many of the messages go in before the first fault is planned. */
  int warmUp() {
    return Math.min(WARM_UP_MAX, messages / 10);
  }

  /** How long the rest of the load takes when nothing holds it up. */
  Duration window() {
    return Duration.ofMillis(1_000L * (messages - warmUp()) / perSecond);
  }
}
