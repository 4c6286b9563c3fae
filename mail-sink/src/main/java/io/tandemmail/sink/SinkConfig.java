package io.tandemmail.sink;

import java.nio.file.Path;
import java.util.Optional;

/**
 * @param port 0: any free one
 * @param log a JSON line per accepted message, flushed before the reply
 * @param keep remember what was received, for tests
 * @param pipelining offer PIPELINING
 */
public record SinkConfig(
    String name, String address, int port, Optional<Path> log, boolean keep, boolean pipelining) {

  public static SinkConfig named(String name) {
    return new SinkConfig(name, "127.0.0.1", 0, Optional.empty(), false, true);
  }

  public SinkConfig onPort(int other) {
    return new SinkConfig(name, address, other, log, keep, pipelining);
  }

  public SinkConfig at(String other) {
    return new SinkConfig(name, other, port, log, keep, pipelining);
  }

  public SinkConfig loggingTo(Path file) {
    return new SinkConfig(name, address, port, Optional.of(file), keep, pipelining);
  }

  public SinkConfig keeping() {
    return new SinkConfig(name, address, port, log, true, pipelining);
  }

  public SinkConfig withoutPipelining() {
    return new SinkConfig(name, address, port, log, keep, false);
  }
}
