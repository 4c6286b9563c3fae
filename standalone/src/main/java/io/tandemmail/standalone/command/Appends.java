package io.tandemmail.standalone.command;

import io.tandemmail.model.settings.KafkaSettings;
import io.tandemmail.runtime.kafka.KafkaClients;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;

/** A command's records: written, or the command has failed. */
final class Appends {
  private Appends() {}

  /** Returns when the broker has acknowledged them all. */
  static void all(
      KafkaSettings kafka, String clientId, List<ProducerRecord<byte[], byte[]>> records)
      throws InterruptedException {
    try (KafkaProducer<byte[], byte[]> producer = KafkaClients.producer(kafka, clientId)) {
      List<Future<RecordMetadata>> sent = new ArrayList<>(records.size());
      records.forEach(record -> sent.add(producer.send(record)));
      for (Future<RecordMetadata> acknowledged : sent) {
        acknowledged.get();
      }
    } catch (ExecutionException e) {
      throw notTaken(String.valueOf(Objects.requireNonNullElse(e.getCause(), e).getMessage()));
    } catch (KafkaException e) {
      throw notTaken(String.valueOf(e.getMessage()));
    }
  }

  private static Exit notTaken(String why) {
    return new Exit(
        Exit.UNAVAILABLE,
        "Kafka did not take it: " + why,
        "give the command again; done twice it does no more than once");
  }
}
