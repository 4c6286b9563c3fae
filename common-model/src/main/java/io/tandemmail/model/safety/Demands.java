package io.tandemmail.model.safety;

import java.time.Duration;

/**
 * What the configuration asks of Kafka.
 *
 * @param embedded the broker is Tandem's own: one disk by choice
 * @param flushed each submission is to be flushed to it
 * @param replicationFactor that {@code tandem.yaml} wants
 * @param messageMaxBytes the largest message that is taken
 * @param mailLife the longest {@code give-up-after}: for so long a message may wait on a topic
 */
public record Demands(
    boolean embedded,
    boolean flushed,
    int replicationFactor,
    int messageMaxBytes,
    Duration mailLife) {
  private static final int RECORD_OVERHEAD_BYTES = 1 << 20;

  /** With an embedded broker, each submission flushed. */
  public Demands(boolean embedded, int replicationFactor, int messageMaxBytes, Duration mailLife) {
    this(embedded, embedded, replicationFactor, messageMaxBytes, mailLife);
  }

  /** The largest record: a message with the envelope and history in its headers. */
  public int recordMaxBytes() {
    return messageMaxBytes + RECORD_OVERHEAD_BYTES;
  }
}
