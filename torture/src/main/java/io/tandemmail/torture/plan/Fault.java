package io.tandemmail.torture.plan;

import java.time.Duration;

/**
 * One fault to inject.
 *
 * @param number from 1, in the order of their start
 * @param start since the load began
 * @param target which worker, broker, router or ingest, from 0
 * @param variant of its kind; empty where there is one only
 */
public record Fault(
    int number, FaultKind kind, Duration start, Duration duration, int target, String variant) {

  /** {@code 12 W3 worker 2 13.4 s} for people and logs. */
  public String text() {
    return "%2d  at %5.1f s  for %4.1f s  %s target %d%s: %s"
        .formatted(
            number,
            start.toMillis() / 1000.0,
            duration.toMillis() / 1000.0,
            kind,
            target + 1,
            variant.isEmpty() ? "" : " " + variant,
            kind.title());
  }
}
