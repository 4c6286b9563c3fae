package io.tandemmail.worker.smtp;

import io.tandemmail.model.settings.ServerSettings;
import java.time.Duration;

/**
 * A server and how to talk to it.
 *
 * @param ehloName what the client calls itself (RFC 5321 section 4.1.1.1)
 */
public record ServerEndpoint(ServerSettings server, String ehloName, Timeouts timeouts) {

  /** One deadline per reply, not per read; RFC 5321 section 4.5.3.2. */
  public record Timeouts(
      Duration connect, Duration greeting, Duration command, Duration data, Duration finalDot) {

    public static Timeouts rfc5321(Duration connect) {
      return new Timeouts(
          connect,
          Duration.ofMinutes(5),
          Duration.ofMinutes(5),
          Duration.ofMinutes(2),
          Duration.ofMinutes(10));
    }

    public static Timeouts all(Duration connect, Duration reply) {
      return new Timeouts(connect, reply, reply, reply, reply);
    }
  }

  public static ServerEndpoint of(ServerSettings server, String ehloName) {
    return new ServerEndpoint(
        server,
        ehloName,
        server
            .replyTimeout()
            .map(reply -> Timeouts.all(server.connectTimeout(), reply))
            .orElseGet(() -> Timeouts.rfc5321(server.connectTimeout())));
  }

  public ServerEndpoint withTimeouts(Timeouts other) {
    return new ServerEndpoint(server, ehloName, other);
  }
}
