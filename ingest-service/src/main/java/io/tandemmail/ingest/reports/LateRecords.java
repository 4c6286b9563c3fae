package io.tandemmail.ingest.reports;

import io.tandemmail.ingest.bounce.LateEvents;
import io.tandemmail.model.outcome.Outcome;
import io.tandemmail.model.outcome.OutcomeJson;
import io.tandemmail.model.suppression.Suppression;
import io.tandemmail.model.suppression.SuppressionJson;
import io.tandemmail.model.wire.HomePartition;
import io.tandemmail.model.wire.Topics;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Events as records, the list's entries first: an outcome that is there has had its effect. */
public final class LateRecords {
  private LateRecords() {}

  public static List<ProducerRecord<byte[], byte[]>> of(
      LateEvents events, List<Suppression> entries, int partitions) {
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (Suppression entry : entries) {
      records.add(
          new ProducerRecord<>(
              Topics.SUPPRESSIONS,
              bytes(Suppression.key(entry.recipient())),
              SuppressionJson.write(entry)));
    }
    for (Outcome outcome : events.outcomes()) {
      records.add(
          new ProducerRecord<>(
              Topics.OUTCOMES,
              HomePartition.of(outcome.id(), partitions),
              bytes(outcome.id()),
              OutcomeJson.write(outcome)));
    }
    return records;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
