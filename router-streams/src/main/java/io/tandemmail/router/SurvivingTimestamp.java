package io.tandemmail.router;

import io.tandemmail.runtime.time.SteadyClock;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.processor.TimestampExtractor;

/**
 * Streams stops at, or skips, a record whose producer set no timestamp. Here such a record has the time it is read, and so has one from
 * the future, whether its producer's or its broker's clock was wrong: what is written because of it would bear its time,
 * and a broker refuses what is more than an hour ahead.
 */
public final class SurvivingTimestamp implements TimestampExtractor {
  @Override
  public long extract(ConsumerRecord<Object, Object> record, long partitionTime) {
    long now = SteadyClock.millis();
    return record.timestamp() >= 0 ? Math.min(record.timestamp(), now) : now;
  }
}
