package io.tandemmail.smtp;

import io.tandemmail.model.settings.ServerSettings;
import io.tandemmail.model.settings.ServerSettings.Credentials;
import io.tandemmail.model.settings.ServerSettings.ReplyTimeouts;
import io.tandemmail.smtp.protocol.Login;
import io.tandemmail.smtp.protocol.Mechanism;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Optional;

/**
 * A server and how to talk to it.
 *
 * @param ehloName what the client calls itself (RFC 5321 section 4.1.1.1)
 */
public record ServerEndpoint(
    ServerSettings server,
    String ehloName,
    Optional<LoginSource> login,
    Duration connectTimeout,
    ReplyTimeouts timeouts) {

  /**
   * @param ehloName used unless the server's settings name another
   */
  public static ServerEndpoint of(ServerSettings server, String ehloName) {
    return new ServerEndpoint(
        server,
        server.client().ehloName().orElse(ehloName),
        server.security().credentials().map(credentials -> () -> fromFile(credentials)),
        server.timing().connect(),
        server.timing().replies());
  }

  /** The same with one time for everything, as probes have it. */
  public ServerEndpoint within(Duration each) {
    return new ServerEndpoint(server, ehloName, login, each, ReplyTimeouts.all(each));
  }

  /** The same with other times. */
  public ServerEndpoint within(Duration connect, ReplyTimeouts replies) {
    return new ServerEndpoint(server, ehloName, login, connect, replies);
  }

  /** Whether a connection opened for this one can go on for the other: caps do not matter to it. */
  public boolean leadsTo(ServerEndpoint other) {
    return server.host().equals(other.server.host())
        && server.port() == other.server.port()
        && server.security().equals(other.server.security())
        && server.timing().equals(other.server.timing())
        && server.client().equals(other.server.client())
        && ehloName.equals(other.ehloName);
  }

  public ServerEndpoint withLogin(LoginSource other) {
    return new ServerEndpoint(server, ehloName, Optional.of(other), connectTimeout, timeouts);
  }

  private static Login fromFile(Credentials credentials) throws IOException {
    try {
      return new Login(
          credentials.username(),
          Files.readString(credentials.passwordFile()).strip(),
          credentials.mechanism().map(mechanism -> Mechanism.valueOf(mechanism.name())));
    } catch (IOException e) {
      throw new IOException("cannot read " + credentials.passwordFile(), e);
    }
  }
}
