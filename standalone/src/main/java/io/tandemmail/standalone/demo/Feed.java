package io.tandemmail.standalone.demo;

import io.tandemmail.model.settings.KafkaSettings;
import io.tandemmail.model.wire.HeaderNames;
import io.tandemmail.model.wire.Topics;
import io.tandemmail.runtime.kafka.KafkaClients;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/** Submits messages as any Kafka producer may: the message as it is, the envelope in headers. */
final class Feed implements AutoCloseable {
  private static final int MESSAGE_BYTES = 4096;
  private static final Duration CLOSE = Duration.ofSeconds(5);

  private final KafkaProducer<byte[], byte[]> producer;
  private final AtomicLong accepted = new AtomicLong();
  private final Thread thread;

  private Feed(KafkaSettings kafka, int messages, int perSecond) {
    producer = KafkaClients.producer(kafka, "demo-feed");
    thread =
        Thread.ofPlatform().daemon().name("demo-feed").unstarted(() -> feed(messages, perSecond));
  }

  static Feed start(KafkaSettings kafka, int messages, int perSecond) {
    Feed feed = new Feed(kafka, messages, perSecond);
    feed.thread.start();
    return feed;
  }

  /** Acknowledged by the broker. */
  long accepted() {
    return accepted.get();
  }

  boolean isDone() {
    return !thread.isAlive();
  }

  void awaitAcknowledged() {
    producer.flush();
  }

  @Override
  public void close() {
    thread.interrupt();
    boolean interrupted = Thread.interrupted();
    try {
      // A producer that is closed under a send makes it throw.
      thread.join(CLOSE);
      producer.close(CLOSE);
    } catch (InterruptedException | InterruptException e) {
      interrupted = true;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void feed(int messages, int perSecond) {
    long startNanos = System.nanoTime();
    try {
      for (int i = 0; i < messages; i++) {
        long dueNanos = startNanos + i * 1_000_000_000L / perSecond;
        long earlyNanos = dueNanos - System.nanoTime();
        if (earlyNanos > 1_000_000) {
          TimeUnit.NANOSECONDS.sleep(earlyNanos);
        }
        producer.send(
            record("demo-" + i),
            (metadata, failure) -> {
              if (failure == null) {
                accepted.incrementAndGet();
              }
            });
      }
      producer.flush();
    } catch (InterruptedException | InterruptException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static ProducerRecord<byte[], byte[]> record(String id) {
    List<Header> headers =
        List.of(
            header(HeaderNames.CONTENT_TYPE, HeaderNames.RFC822),
            header(HeaderNames.MAIL_FROM, "bounce@example.com"),
            header(HeaderNames.RCPT_TO, "ann@example.net"));
    return new ProducerRecord<>(
        Topics.SUBMITTED, null, id.getBytes(StandardCharsets.UTF_8), message(id), headers);
  }

  private static Header header(String name, String value) {
    return new RecordHeader(name, value.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] message(String id) {
    StringBuilder text = new StringBuilder(MESSAGE_BYTES);
    text.append(
        "From: Shop <shop@example.com>\r\nTo: Ann <ann@example.net>\r\nSubject: Your order\r\n");
    text.append("Message-ID: <")
        .append(id)
        .append("@example.com>\r\nX-Tandem-Key: ")
        .append(id)
        .append("\r\n\r\n");
    while (text.length() < MESSAGE_BYTES - 66) {
      text.append("Every message of this demo is four kibibytes, dots included.....\r\n");
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }
}
