package io.tandemmail.model.settings;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * One SMTP endpoint mail leaves through.
 *
 * @param maxConnections over all workers together (I5)
 * @param maxRatePerSecond messages per second over all workers together; absent: no limit
 * @param replyTimeout absent: RFC 5321 section 4.5.3.2's own per phase
 */
public record ServerSettings(
    String id,
    String host,
    int port,
    Tls tls,
    Optional<Credentials> credentials,
    Optional<Path> trustStore,
    boolean insecureSkipVerify,
    int maxConnections,
    int maxMessagesPerConnection,
    OptionalDouble maxRatePerSecond,
    Duration connectTimeout,
    Optional<Duration> replyTimeout) {

  /** How a connection is secured. Certificates are verified for {@code REQUIRED} and {@code IMPLICIT}. */
  public enum Tls {
    NONE,
    OPPORTUNISTIC,
    REQUIRED,
    IMPLICIT
  }

  /** SMTP AUTH; the password stays in its file until a connection needs it. */
  public record Credentials(String username, Path passwordFile) {}
}
