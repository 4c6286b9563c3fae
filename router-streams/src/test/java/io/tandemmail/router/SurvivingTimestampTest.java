package io.tandemmail.router;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class SurvivingTimestampTest {
  private static final long TWO_HOURS = Duration.ofHours(2).toMillis();

  @Test
  void aRecordKeepsItsTime() {
    long hourAgo = System.currentTimeMillis() - TWO_HOURS / 2;

    assertThat(extracted(hourAgo)).isEqualTo(hourAgo);
  }

  @Test
  void oneWithoutATimeHasThatOfItsReading() {
    long before = System.currentTimeMillis() - 1_000;

    assertThat(extracted(-1)).isBetween(before, before + TWO_HOURS);
  }

  @Test
  void oneFromTheFutureDoesNotHandItsTimeOnToWhatFollowsFromIt() {
    long wrong = System.currentTimeMillis() + TWO_HOURS;

    assertThat(extracted(wrong)).isLessThan(wrong - TWO_HOURS / 2);
  }

  private static long extracted(long timestamp) {
    ConsumerRecord<Object, Object> record =
        new ConsumerRecord<>(
            "mail.submitted",
            0,
            0,
            timestamp,
            TimestampType.LOG_APPEND_TIME,
            0,
            0,
            "id",
            "value",
            new RecordHeaders(),
            Optional.empty());
    return new SurvivingTimestamp().extract(record, 0);
  }
}
