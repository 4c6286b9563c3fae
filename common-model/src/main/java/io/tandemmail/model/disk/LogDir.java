package io.tandemmail.model.disk;

/**
 * A folder in which a broker keeps its logs (Kafka's {@code log.dirs}), as the broker sees the disk below it.
 *
 * @param usableBytes what the broker may still write
 * @param totalBytes of the whole disk
 */
public record LogDir(int broker, String path, long usableBytes, long totalBytes) {
  /** {@code broker 1: 37.5 MiB free of 20.0 GiB in /var/lib/kafka}. */
  public String text() {
    return "broker %d: %s free of %s in %s"
        .formatted(broker, ByteSize.text(usableBytes), ByteSize.text(totalBytes), path);
  }
}
