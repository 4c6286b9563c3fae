package io.tandemmail.console.web;

import io.tandemmail.model.server.ServerCommand;
import io.tandemmail.model.server.ServerJson;
import io.tandemmail.model.settings.KafkaSettings;
import io.tandemmail.model.wire.Topics;
import io.tandemmail.runtime.kafka.KafkaClients;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;

/** Orders on {@code mail.server-commands}. */
public final class KafkaOrderLog implements OrderLog, AutoCloseable {
  private static final long WAIT_SECONDS = 5;

  private final Producer<byte[], byte[]> producer;

  public KafkaOrderLog(KafkaSettings kafka, String instance) {
    producer = KafkaClients.producer(kafka, instance + "-commands");
  }

  @Override
  public boolean append(ServerCommand order) throws InterruptedException {
    byte[] key = order.server().getBytes(StandardCharsets.UTF_8);
    try {
      producer
          .send(new ProducerRecord<>(Topics.SERVER_COMMANDS, key, ServerJson.write(order)))
          .get(WAIT_SECONDS, TimeUnit.SECONDS);
      return true;
    } catch (ExecutionException | TimeoutException | KafkaException e) {
      return false;
    }
  }

  @Override
  public void close() {
    producer.close(Duration.ofSeconds(2));
  }
}
