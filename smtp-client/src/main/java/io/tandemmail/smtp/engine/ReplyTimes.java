package io.tandemmail.smtp.engine;

import java.time.Duration;

/**
 * How long a server takes over the final dot, beside a round trip to it.
 *
 * <p>An envelope sent behind the content before it saves its message one round trip, and binds it to this connection until
 * the server has answered the dot. Where that answer takes many round trips little is saved, and a message is better off
 * with whichever connection is free first: one of high priority would wait for two transactions and not for one.
 */
final class ReplyTimes {
  /** Nobody minds waiting this long. */
  private static final Duration SHORT = Duration.ofMillis(50);

  /** At most a fifth of a message's time is lost by not lending. */
  private static final int MANY_ROUND_TRIPS = 4;

  private static final Duration LONG = Duration.ofMillis(250);

  private long roundTripNanos = Long.MAX_VALUE;
  private long finalDotNanos = Long.MAX_VALUE;

  /** The answer to an envelope that was sent by itself; the shortest one is the nearest to the way there and back. */
  void roundTrip(long nanos) {
    roundTripNanos = Math.min(roundTripNanos, nanos);
  }

  /** The answer to the last final dot. */
  void finalDot(long nanos) {
    finalDotNanos = nanos;
  }

  /** False before the first message: nothing is known of the server yet. */
  boolean isWorthLending() {
    return finalDotNanos < SHORT.toNanos()
        || finalDotNanos < LONG.toNanos() && finalDotNanos / MANY_ROUND_TRIPS < roundTripNanos;
  }
}
