package io.tandemmail.simulation.world;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/** Kafka's topics: one list per partition. What is in a list is committed; transactions append when they commit. */
public final class Broker {
  private final Map<TopicPartition, List<LogRecord>> partitions = new LinkedHashMap<>();

  public List<LogRecord> log(String topic, int partition) {
    return log(new TopicPartition(topic, partition));
  }

  public List<LogRecord> log(TopicPartition partition) {
    return partitions.computeIfAbsent(partition, it -> new ArrayList<>());
  }

  /** Returns the record's offset. */
  public long append(TopicPartition partition, LogRecord record) {
    List<LogRecord> log = log(partition);
    log.add(record);
    return log.size() - 1L;
  }

  public void endTransaction(TopicPartition partition) {
    log(partition).add(LogRecord.MARKER);
  }
}
