package io.tandemmail.model.retry;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.model.retry.RetrySchedule.Cause;
import io.tandemmail.model.retry.RetrySchedule.Decision;
import io.tandemmail.model.settings.RouteSettings.Retry;
import io.tandemmail.model.submission.ContentType;
import io.tandemmail.model.submission.Envelope;
import io.tandemmail.model.submission.MessageFacts;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RetryScheduleTest {
  private static final Instant SUBMITTED = Instant.parse("2026-11-24T10:00:00Z");
  private static final Retry RETRY =
      new Retry(Duration.ofMinutes(1), Duration.ofHours(1), Duration.ofDays(2));

  @Test
  void delaysGrowToTheLongestAndNeverShrink() {
    Duration before = Duration.ZERO;
    for (int attempt = 1; attempt < 200; attempt++) {
      Duration delay = RetrySchedule.delay(RETRY, facts("a").withAttempt(attempt));
      assertThat(delay).isBetween(before, RETRY.max());
      before = delay;
    }
    assertThat(before).isEqualTo(RETRY.max());
    assertThat(RetrySchedule.delay(RETRY, facts("a").withAttempt(1)))
        .isBetween(Duration.ofSeconds(60), Duration.ofSeconds(72));
  }

  @Test
  void theMailOfOneOutageDoesNotComeBackAtOnce() {
    long distinct =
        IntStream.range(0, 100)
            .mapToObj(i -> RetrySchedule.delay(RETRY, facts("m" + i).withAttempt(1)))
            .distinct()
            .count();

    assertThat(distinct).isGreaterThan(20);
  }

  @Test
  void theJitterOfOneAttemptIsNotThatOfTheNext() {
    List<Double> shares =
        IntStream.rangeClosed(1, 5)
            .mapToObj(attempt -> {
              double base = RETRY.first().toMillis() << (attempt - 1);
              return RetrySchedule.delay(RETRY, facts("a").withAttempt(attempt)).toMillis() / base;
            })
            .toList();

    assertThat(shares).allMatch(share -> share >= 1 && share < 1.2).doesNotHaveDuplicates();
  }

  /** The seed is fixed, so what fails here fails again. */
  @Test
  void whateverTheRouteDelaysNeverShrinkNorExceedTheLongest() {
    Random random = new Random(42);
    for (int i = 0; i < 2_000; i++) {
      Retry retry = anyRetry(random);
      MessageFacts facts = facts("m" + random.nextInt());
      for (Cause cause : Cause.values()) {
        Duration before = Duration.ZERO;
        for (int attempt = 1; attempt < 80; attempt++) {
          Duration delay = delay(retry, facts.withAttempt(attempt), cause);
          assertThat(delay).as("%s, attempt %d", retry, attempt).isGreaterThanOrEqualTo(before);
          assertThat(delay).isLessThanOrEqualTo(retry.max());
          before = delay;
        }
        assertThat(before).as("%s", retry).isEqualTo(retry.max());
      }
    }
  }

  @Test
  void whateverTheClockNothingIsPlannedPastTheDeadlineAndNothingIsGivenUpWithTimeLeft() {
    Random random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      Retry retry = anyRetry(random);
      MessageFacts facts = facts("m" + i).withAttempt(1 + random.nextInt(40));
      Instant deadline = RetrySchedule.deadline(retry, facts);
      Instant now = SUBMITTED.plusMillis(random.nextLong(-7_200_000, 6 * 86_400_000L));
      switch (RetrySchedule.next(retry, facts, Cause.RECIPIENT, now)) {
        case Decision.TryAgain again ->
            assertThat(again.notBefore())
                .isAfter(now)
                .isBeforeOrEqualTo(now.plus(retry.max()))
                .isBefore(deadline);
        case Decision.GiveUp giveUp -> assertThat(now.plus(retry.max())).isAfterOrEqualTo(deadline);
      }
    }
  }

  @Test
  void aClockThatIsHoursOffNeitherParksMailNorReturnsItInCircles() {
    MessageFacts third = facts("a").withAttempt(3);
    Instant delayed = SUBMITTED.plusSeconds(240);

    assertThat(RetrySchedule.believed(RETRY, third, delayed, SUBMITTED)).isEqualTo(delayed);
    assertThat(RetrySchedule.believed(RETRY, third, delayed.plusSeconds(7200), SUBMITTED))
        .isEqualTo(SUBMITTED.plus(RETRY.max()));
    assertThat(RetrySchedule.believed(RETRY, third, delayed.minusSeconds(7200), SUBMITTED))
        .isEqualTo(SUBMITTED.plus(RETRY.first()));
    assertThat(
            RetrySchedule.believed(
                RETRY, facts("a").withAttempt(1), SUBMITTED.minusMillis(10), SUBMITTED))
        .isEqualTo(SUBMITTED);
  }

  private static Duration delay(Retry retry, MessageFacts facts, Cause cause) {
    return switch (RetrySchedule.next(retry, facts, cause, SUBMITTED)) {
      case Decision.TryAgain again -> Duration.between(SUBMITTED, again.notBefore());
      case Decision.GiveUp giveUp -> throw new AssertionError(giveUp);
    };
  }

  /** As the settings allow them: first not longer than max, and longer than the quick tries. */
  private static Retry anyRetry(Random random) {
    Duration first = Duration.ofMillis(random.nextLong(1_000, 400L * 86_400_000));
    Duration max = first.plusMillis(random.nextLong(0, 400L * 86_400_000));
    return new Retry(first, max, Duration.ofDays(1_000));
  }

  @Test
  void aBrokenConnectionIsTriedAgainSoonAndThenOnTheSchedule() {
    assertThat(RetrySchedule.next(RETRY, facts("a").withAttempt(1), Cause.SERVER, SUBMITTED))
        .isEqualTo(new Decision.TryAgain(SUBMITTED.plusMillis(500)));
    assertThat(RetrySchedule.next(RETRY, facts("a").withAttempt(3), Cause.SERVER, SUBMITTED))
        .isEqualTo(
            RetrySchedule.next(RETRY, facts("a").withAttempt(3), Cause.RECIPIENT, SUBMITTED));
  }

  @Test
  void nothingIsPlannedPastTheDeadline() {
    Instant late = SUBMITTED.plus(Duration.ofDays(2)).minusSeconds(30);

    assertThat(RetrySchedule.next(RETRY, facts("a").withAttempt(1), Cause.RECIPIENT, late))
        .isInstanceOf(Decision.GiveUp.class);
  }

  @Test
  void theSubmissionsOwnLimitCountsWhenItIsEarlierAndTheTimeBeforeSendAtDoesNotCount() {
    Instant soon = SUBMITTED.plusSeconds(60);
    assertThat(RetrySchedule.deadline(RETRY, facts("a", Optional.empty(), Optional.of(soon))))
        .isEqualTo(soon);
    assertThat(RetrySchedule.deadline(RETRY, facts("a", Optional.of(soon), Optional.empty())))
        .isEqualTo(soon.plus(Duration.ofDays(2)));
  }

  private static MessageFacts facts(String id) {
    return facts(id, Optional.empty(), Optional.empty());
  }

  private static MessageFacts facts(
      String id, Optional<Instant> sendAt, Optional<Instant> expiresAt) {
    return new MessageFacts(
        id,
        "default",
        new Envelope("", List.of("a@example.com")),
        ContentType.JSON,
        SUBMITTED,
        sendAt,
        expiresAt,
        0,
        0,
        Optional.empty());
  }
}
