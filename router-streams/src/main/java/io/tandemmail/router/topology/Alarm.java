package io.tandemmail.router.topology;

import java.time.Duration;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.jspecify.annotations.Nullable;

/**
 * Rings once, at the earliest time asked for. Kafka Streams commits a transaction after every punctuation, also of one
 * that did nothing, and its markers cost every broker; so an idle partition has to have none.
 */
final class Alarm {
  /** Of two rings of one alarm, unless its owner needs them closer. */
  private static final long APART_MILLIS = 50;

  private static final long NOT_SET = Long.MAX_VALUE;

  private final ProcessorContext<?, ?> context;
  private final long apartMillis;
  private final Runnable ring;
  private long setForMillis = NOT_SET;
  private @Nullable Cancellable scheduled;

  Alarm(ProcessorContext<?, ?> context, Runnable ring) {
    this(context, APART_MILLIS, ring);
  }

  /** @param apartMillis of two rings, at least 1 */
  Alarm(ProcessorContext<?, ?> context, long apartMillis, Runnable ring) {
    this.context = context;
    this.apartMillis = apartMillis;
    this.ring = ring;
  }

  /** Rings at this time (Unix, ms) or, if that has come, as soon as rings may be; an earlier one asked for before stands. */
  void setFor(long millis) {
    if (millis >= setForMillis) {
      return;
    }
    cancel();
    setForMillis = millis;
    long wait = Math.max(apartMillis, millis - context.currentSystemTimeMs());
    scheduled =
        context.schedule(
            Duration.ofMillis(wait),
            PunctuationType.WALL_CLOCK_TIME,
            at -> {
              cancel();
              ring.run();
            });
  }

  private void cancel() {
    if (scheduled != null) {
      scheduled.cancel();
      scheduled = null;
    }
    setForMillis = NOT_SET;
  }
}
