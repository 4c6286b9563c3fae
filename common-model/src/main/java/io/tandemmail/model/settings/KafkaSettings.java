package io.tandemmail.model.settings;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * @param bootstrapServers {@code host:port,…}; empty with the embedded broker until it runs
 * @param embedded present when {@code bootstrap-servers: embedded}
 * @param partitions the same for every mail topic
 * @param properties passed to every Kafka client as they are
 */
public record KafkaSettings(
    String bootstrapServers,
    Optional<Embedded> embedded,
    int partitions,
    short replicationFactor,
    Map<String, String> properties) {

  public KafkaSettings {
    properties = Map.copyOf(properties);
  }

  /** The broker inside {@code tandem standalone}. Port 0: any free one. */
  public record Embedded(int port, Path dataDir, Flush flush) {
    public Embedded(int port, Path dataDir) {
      this(port, dataDir, Flush.SUBMITTED);
    }
  }

  /** What is on the disk before it is acknowledged (docs/durability.md). */
  public enum Flush {
    /** Submissions: accepted mail survives a power loss. */
    SUBMITTED,
    /** Nothing: it survives what the process does, not what the machine does. */
    NONE
  }

  public KafkaSettings at(String servers) {
    return new KafkaSettings(servers, embedded, partitions, replicationFactor, properties);
  }
}
