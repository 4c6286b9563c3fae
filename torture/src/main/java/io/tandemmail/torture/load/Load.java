package io.tandemmail.torture.load;

import io.tandemmail.model.settings.KafkaSettings;
import io.tandemmail.model.wire.HeaderNames;
import io.tandemmail.model.wire.Topics;
import io.tandemmail.runtime.kafka.KafkaClients;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/** Submits a number of messages at a rate, each until it is accepted. */
public final class Load implements AutoCloseable {
  private static final int IN_FLIGHT_MAX = 4_000;
  private static final Duration PAUSE = Duration.ofMillis(200);

  private final Plan plan;
  private final AcceptedLog log;
  private final KafkaProducer<byte[], byte[]> producer;
  private final BlockingQueue<Mail> forHttp = new LinkedBlockingQueue<>();
  private final BlockingQueue<Mail> forKafka = new LinkedBlockingQueue<>();
  private final Semaphore room = new Semaphore(IN_FLIGHT_MAX);
  private final List<Thread> threads = new ArrayList<>();
  private final long startNanos = System.nanoTime();
  private volatile int offered;
  private volatile long lastNanos = startNanos;

  /**
   * What to submit.
   *
   * @param run prefix of every id
   * @param from number of the first message
   * @param to of the one behind the last
   * @param perSecond at most
   */
  public record Plan(String run, int from, int to, int perSecond) {}

  private Load(Plan plan, AcceptedLog log, KafkaSettings kafka) {
    this.plan = plan;
    this.log = log;
    this.producer =
        KafkaClients.producer(
            kafka, "torture-load", Map.of("max.block.ms", 5_000, "delivery.timeout.ms", 30_000));
  }

  /**
   * @param ingests base addresses
   * @param accepted the log to write on
   */
  public static Load start(Plan plan, List<String> ingests, KafkaSettings kafka, Path accepted)
      throws IOException {
    Load load = new Load(plan, new AcceptedLog(accepted, plan.to() - plan.from()), kafka);
    load.begin("load-pace", load::pace);
    load.begin("load-kafka", load::produce);
    for (int i = 0; i < 2 * ingests.size(); i++) {
      Batches batches = new Batches(ingests, i, load.forHttp, load::accepted);
      load.begin("load-http-" + i, batches::run);
    }
    return load;
  }

  /** Messages that were due so far. */
  public int offered() {
    return offered;
  }

  public int accepted() {
    return log.count();
  }

  public Duration age() {
    return Duration.ofNanos(System.nanoTime() - startNanos);
  }

  /** Until the last message so far was accepted. */
  public Duration lasted() {
    return Duration.ofNanos(lastNanos - startNanos);
  }

  /** True when all are. */
  public boolean awaitAccepted(Duration within) throws InterruptedException {
    return log.open().await(within.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() throws IOException {
    threads.forEach(Thread::interrupt);
    producer.close(Duration.ofSeconds(2));
    log.close();
  }

  private void begin(String name, Runnable work) {
    threads.add(Thread.ofPlatform().daemon().name(name).start(work));
  }

  private void accepted(Mail mail) {
    try {
      log.note(mail, Instant.now());
      lastNanos = System.nanoTime();
    } catch (IOException e) {
      throw new UncheckedIOException("the log of accepted mail cannot be written", e);
    } finally {
      room.release();
    }
  }

  private void pace() {
    Pace pace = new Pace(startNanos, plan.perSecond());
    try {
      for (int i = plan.from(); i < plan.to(); i++) {
        pace.await(i - plan.from());
        room.acquire();
        Mail mail = new Mail(plan.run(), i);
        (mail.way() == Mail.Way.HTTP_JSON ? forHttp : forKafka).add(mail);
        offered = i + 1 - plan.from();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void produce() {
    try {
      while (true) {
        Mail mail = forKafka.take();
        try {
          producer.send(
              record(mail),
              (metadata, failure) -> {
                if (failure == null) {
                  accepted(mail);
                } else {
                  forKafka.add(mail);
                }
              });
        } catch (KafkaException e) {
          forKafka.add(mail);
          Thread.sleep(PAUSE);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static ProducerRecord<byte[], byte[]> record(Mail mail) {
    List<Header> headers = new ArrayList<>();
    headers.add(header(HeaderNames.CONTENT_TYPE, mail.contentType()));
    boolean ready = mail.way() == Mail.Way.KAFKA_RFC822;
    if (ready) {
      headers.add(header(HeaderNames.MAIL_FROM, Mail.from()));
      mail.recipients().forEach(recipient -> headers.add(header(HeaderNames.RCPT_TO, recipient)));
    }
    return new ProducerRecord<>(
        Topics.SUBMITTED,
        null,
        mail.id().getBytes(StandardCharsets.UTF_8),
        ready ? mail.rfc822() : mail.json(),
        headers);
  }

  private static Header header(String name, String value) {
    return new RecordHeader(name, value.getBytes(StandardCharsets.UTF_8));
  }
}
