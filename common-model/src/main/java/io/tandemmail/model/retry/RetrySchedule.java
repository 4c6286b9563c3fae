package io.tandemmail.model.retry;

import io.tandemmail.model.settings.RouteSettings.Retry;
import io.tandemmail.model.submission.MessageFacts;
import io.tandemmail.model.wire.HomePartition;
import java.time.Duration;
import java.time.Instant;

/**
 * When to try a deferred message again, if ever. Delays double from first to max; a jitter taken from the id keeps the
 * mail of one outage from coming back in one wave, and is the same when the decision is made again.
 */
public final class RetrySchedule {
  /** After a fault of the connection nothing was said about the message: two quick tries before the slow schedule. */
  static final Duration SOON = Duration.ofMillis(500);

  private static final int SOON_ATTEMPTS = 2;
  private static final int DOUBLINGS_MAX = 30;
  private static final int JITTER_PERCENT = 20;

  private RetrySchedule() {}

  /** What to do with the recipients still open. */
  public sealed interface Decision {
    record TryAgain(Instant notBefore) implements Decision {}

    record GiveUp(String why) implements Decision {}
  }

  /** Whose fault the failed attempt was: a server that spoke, or a connection that broke. */
  public enum Cause {
    REPLY,
    CONNECTION
  }

  /**
   * @param facts with the attempt that just failed counted in
   */
  public static Decision next(Retry retry, MessageFacts facts, Cause cause, Instant now) {
    Instant deadline = deadline(retry, facts);
    Duration delay =
        cause == Cause.CONNECTION && facts.attempt() <= SOON_ATTEMPTS
            ? SOON.multipliedBy(facts.attempt())
            : delay(retry, facts);
    Instant notBefore = now.plus(delay);
    return notBefore.isBefore(deadline)
        ? new Decision.TryAgain(notBefore)
        : new Decision.GiveUp("no try is left before " + deadline);
  }

  /** From here on the message has expired. */
  public static Instant deadline(Retry retry, MessageFacts facts) {
    Instant start =
        facts.sendAt().filter(facts.submittedAt()::isBefore).orElse(facts.submittedAt());
    Instant byRoute = start.plus(retry.giveUpAfter());
    return facts.expiresAt().filter(byRoute::isAfter).orElse(byRoute);
  }

  static Duration delay(Retry retry, MessageFacts facts) {
    int doublings = Math.min(Math.max(0, facts.attempt() - 1), DOUBLINGS_MAX);
    long maxMillis = retry.max().toMillis();
    long grownMillis = Math.min(maxMillis, retry.first().toMillis() << doublings);
    if (grownMillis <= 0) {
      grownMillis = maxMillis;
    }
    long jitterMillis =
        grownMillis * JITTER_PERCENT / 100 * HomePartition.percentile(facts.id()) / 100;
    return Duration.ofMillis(Math.min(maxMillis, grownMillis + jitterMillis));
  }
}
