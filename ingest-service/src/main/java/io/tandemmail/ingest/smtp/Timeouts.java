package io.tandemmail.ingest.smtp;

import java.time.Duration;

/**
 * How long a client may take. RFC 5321 section 4.5.3.2.7 asks for five minutes of patience at least.
 *
 * @param read until a command is whole, or the next piece of content is here
 * @param content until it is whole, from the first chunk or DATA
 * @param write until replies are taken, or TLS is agreed
 * @param stop until transactions that run have ended
 */
public record Timeouts(Duration read, Duration content, Duration write, Duration stop) {
  public static final Timeouts RFC5321 =
      new Timeouts(
          Duration.ofMinutes(5),
          Duration.ofMinutes(30),
          Duration.ofMinutes(5),
          Duration.ofSeconds(10));
}
