package io.tandemmail.worker.append;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Appends of a worker. One that fails is repeated after a while, or told to its asker, until the worker ends. */
public final class Appends {
  private static final Logger LOG = LoggerFactory.getLogger(Appends.class);
  private static final Duration AGAIN_AFTER = Duration.ofMillis(250);

  private final Producer<byte[], byte[]> producer;
  private final Executor later;
  private final Executor next;
  private volatile boolean stopped;

  public Appends(Producer<byte[], byte[]> producer) {
    this(
        producer,
        CompletableFuture.delayedExecutor(
            AGAIN_AFTER.toMillis(), TimeUnit.MILLISECONDS, Thread::startVirtualThread),
        Thread::startVirtualThread);
  }

  /**
   * @param later runs what it is given after a while, on a thread that may wait
   * @param next runs what it is given at once, on a thread that may wait
   */
  public Appends(Producer<byte[], byte[]> producer, Executor later, Executor next) {
    this.producer = producer;
    this.later = later;
    this.next = next;
  }

  /** Repeated until the broker has it. */
  public void append(ProducerRecord<byte[], byte[]> record, LongConsumer acknowledged) {
    once(record, acknowledged, () -> append(record, acknowledged));
  }

  /**
   * Tried once.
   *
   * @param acknowledged told its offset, on the producer's own thread: it must not append there, see {@link #next}
   * @param failed runs a while after a failure; the record may be there nevertheless
   */
  public void once(
      ProducerRecord<byte[], byte[]> record, LongConsumer acknowledged, Runnable failed) {
    try {
      producer.send(
          record,
          (metadata, failure) -> {
            if (failure == null) {
              acknowledged.accept(metadata.offset());
            } else {
              again(record, failure, failed);
            }
          });
    } catch (KafkaException | IllegalStateException failure) {
      again(record, failure, failed);
    }
  }

  /** Runs it after a while, unless the worker has ended by then. */
  public void later(Runnable then) {
    later.execute(() -> {
      if (!stopped) {
        then.run();
      }
    });
  }

  /**
   * What follows on an acknowledgement and appends itself. A send may have to wait for metadata or for room, and only the
   * producer's own thread, which tells acknowledgements, can bring either.
   */
  public void next(Runnable step) {
    next.execute(step);
  }

  /** Nothing is repeated any more: the worker is going, its successor will do the deliveries again. */
  public void stop() {
    stopped = true;
  }

  private void again(ProducerRecord<byte[], byte[]> record, Exception failure, Runnable failed) {
    if (stopped) {
      return;
    }
    LOG.warn(
        "cannot append to {}-{}: {}; trying again",
        record.topic(),
        record.partition(),
        failure.getMessage());
    later(failed);
  }
}
