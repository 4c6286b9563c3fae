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
  void aBrokenConnectionIsTriedAgainSoonAndThenOnTheSchedule() {
    assertThat(RetrySchedule.next(RETRY, facts("a").withAttempt(1), Cause.CONNECTION, SUBMITTED))
        .isEqualTo(new Decision.TryAgain(SUBMITTED.plusMillis(500)));
    assertThat(RetrySchedule.next(RETRY, facts("a").withAttempt(3), Cause.CONNECTION, SUBMITTED))
        .isEqualTo(RetrySchedule.next(RETRY, facts("a").withAttempt(3), Cause.REPLY, SUBMITTED));
  }

  @Test
  void nothingIsPlannedPastTheDeadline() {
    Instant late = SUBMITTED.plus(Duration.ofDays(2)).minusSeconds(30);

    assertThat(RetrySchedule.next(RETRY, facts("a").withAttempt(1), Cause.REPLY, late))
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
