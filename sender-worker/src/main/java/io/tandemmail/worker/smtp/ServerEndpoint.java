package io.tandemmail.worker.smtp;

import io.tandemmail.model.settings.ServerSettings;
import io.tandemmail.model.settings.ServerSettings.ReplyTimeouts;
import java.time.Duration;

/**
 * A server and how to talk to it.
 *
 * @param ehloName what the client calls itself (RFC 5321 section 4.1.1.1)
 */
public record ServerEndpoint(
    ServerSettings server, String ehloName, Duration connectTimeout, ReplyTimeouts timeouts) {

  /**
   * @param ehloName used unless the server's settings name another
   */
  public static ServerEndpoint of(ServerSettings server, String ehloName) {
    return new ServerEndpoint(
        server,
        server.client().ehloName().orElse(ehloName),
        server.connectTimeout(),
        server.timeouts());
  }

  /** The same with one time for everything, as probes have it. */
  public ServerEndpoint within(Duration each) {
    return new ServerEndpoint(server, ehloName, each, ReplyTimeouts.all(each));
  }
}
