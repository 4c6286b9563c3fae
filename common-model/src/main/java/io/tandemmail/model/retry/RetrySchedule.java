package io.tandemmail.model.retry;

import io.tandemmail.model.settings.RouteSettings.Retry;
import io.tandemmail.model.submission.MessageFacts;
import java.time.Duration;
import java.time.Instant;

/**
 * When to try a deferred message again, if ever. Delays double from first to max. A jitter taken from the id and the
 * attempt keeps the mail of one outage from coming back in one wave; it is the same when the decision is made again, only
 * ever lengthens a delay, and ends where max is reached: the spread gained on the way there stays.
 */
public final class RetrySchedule {
  /** After a server's fault nothing was said about the message: two quick tries before the slow schedule. */
  static final Duration SOON = Duration.ofMillis(500);

  static final int SOON_ATTEMPTS = 2;

  /** Below one half, so that a jittered delay never exceeds the next, doubled one. */
  private static final double JITTER_SHARE = 0.2;

  private RetrySchedule() {}

  /** What to do with the recipients still open. */
  public sealed interface Decision {
    record TryAgain(Instant notBefore) implements Decision {}

    record GiveUp(String why) implements Decision {}
  }

  /** Who has to recover before another try can help: a recipient or what is done about it, or only the server asked. */
  public enum Cause {
    RECIPIENT,
    SERVER
  }

  /**
   * @param facts with the attempt that just failed counted in
   */
  public static Decision next(Retry retry, MessageFacts facts, Cause cause, Instant now) {
    Instant deadline = deadline(retry, facts);
    Duration delay =
        cause == Cause.SERVER && facts.attempt() <= SOON_ATTEMPTS
            ? SOON.multipliedBy(facts.attempt())
            : delay(retry, facts);
    Instant notBefore = now.plus(delay);
    return notBefore.isBefore(deadline)
        ? new Decision.TryAgain(notBefore)
        : new Decision.GiveUp("no try is left before " + deadline);
  }

  /**
   * A worker's {@code notBefore} as far as this clock can believe it. A worker whose clock runs ahead would keep mail for
   * hours; one whose clock is behind would have it back at once, for ever.
   *
   * @param facts with the attempt that failed counted in
   * @param now by the clock of whoever waits
   */
  public static Instant believed(Retry retry, MessageFacts facts, Instant notBefore, Instant now) {
    Instant latest = now.plus(retry.max());
    Instant earliest = facts.attempt() <= SOON_ATTEMPTS ? now : now.plus(retry.first());
    if (notBefore.isAfter(latest)) {
      return latest;
    }
    return notBefore.isBefore(now) ? earliest : notBefore;
  }

  /** From here on the message has expired. */
  public static Instant deadline(Retry retry, MessageFacts facts) {
    Instant start =
        facts.sendAt().filter(facts.submittedAt()::isBefore).orElse(facts.submittedAt());
    Instant byRoute = start.plus(retry.giveUpAfter());
    return facts.expiresAt().filter(byRoute::isAfter).orElse(byRoute);
  }

  static Duration delay(Retry retry, MessageFacts facts) {
    int doublings = Math.min(Math.max(0, facts.attempt() - 1), Long.SIZE - 2);
    long maxMillis = retry.max().toMillis();
    long firstMillis = Math.min(retry.first().toMillis(), maxMillis);
    long grownMillis = firstMillis > maxMillis >> doublings ? maxMillis : firstMillis << doublings;
    long jitterMillis = (long) (grownMillis * JITTER_SHARE * chance(facts.id(), facts.attempt()));
    return Duration.ofMillis(Math.min(maxMillis, grownMillis + jitterMillis));
  }

  /** In [0, 1): FNV-1a over the id and the attempt, finished as in SplitMix64 so that neighbours are far apart. */
  private static double chance(String id, int attempt) {
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < id.length(); i++) {
      hash = (hash ^ id.charAt(i)) * 0x100000001b3L;
    }
    hash = (hash ^ attempt) * 0x9e3779b97f4a7c15L;
    hash = (hash ^ (hash >>> 30)) * 0xbf58476d1ce4e5b9L;
    hash = (hash ^ (hash >>> 27)) * 0x94d049bb133111ebL;
    return ((hash ^ (hash >>> 31)) >>> 11) * 0x1.0p-53;
  }
}
