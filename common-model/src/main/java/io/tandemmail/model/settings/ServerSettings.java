package io.tandemmail.model.settings;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * One SMTP endpoint mail leaves through.
 *
 * @param egressAddresses addresses that receivers see its mail come from; empty: those of its host
 */
public record ServerSettings(
    String id,
    String host,
    int port,
    Security security,
    Limits limits,
    Timing timing,
    ClientIdentity client,
    List<String> egressAddresses) {
  public ServerSettings {
    egressAddresses = List.copyOf(egressAddresses);
  }

  /** A server that mail leaves from where it is reached. */
  public ServerSettings(
      String id,
      String host,
      int port,
      Security security,
      Limits limits,
      Timing timing,
      ClientIdentity client) {
    this(id, host, port, security, limits, timing, client, List.of());
  }

  /** In clear, everything else as when a configuration does not say it. */
  public static ServerSettings plain(String id, String host, int port) {
    return new ServerSettings(
        id, host, port, Security.NONE, Limits.DEFAULT, Timing.DEFAULT, ClientIdentity.DEFAULT);
  }

  /**
   * What protects the connection and who we are on it.
   *
   * @param trustStore PEM certificates; absent: the JDK's
   */
  public record Security(
      Tls tls,
      Optional<Credentials> credentials,
      Optional<Path> trustStore,
      boolean insecureSkipVerify) {
    public static final Security NONE =
        new Security(Tls.NONE, Optional.empty(), Optional.empty(), false);
  }

  /**
   * What the server is spared.
   *
   * @param maxConnections over all workers together (I5)
   * @param maxRatePerSecond messages per second over all workers together; absent: no limit
   * @param maxConnectionAge an older connection is closed between two messages
   */
  public record Limits(
      int maxConnections,
      int maxMessagesPerConnection,
      OptionalDouble maxRatePerSecond,
      Duration maxConnectionAge) {
    public static final Limits DEFAULT =
        new Limits(10, 100, OptionalDouble.empty(), Duration.ofMinutes(10));
  }

  /** How long the server may take. */
  public record Timing(Duration connect, ReplyTimeouts replies) {
    public static final Timing DEFAULT = new Timing(Duration.ofSeconds(10), ReplyTimeouts.RFC5321);
  }

  /** How a connection is secured. Certificates are verified for {@code REQUIRED} and {@code IMPLICIT}. */
  public enum Tls {
    NONE,
    OPPORTUNISTIC,
    REQUIRED,
    IMPLICIT
  }

  /**
   * SMTP AUTH; the password stays in its file until a connection needs it, so a new one is used from the next connection on.
   *
   * @param mechanism absent: the best the server offers
   */
  public record Credentials(String username, Path passwordFile, Optional<AuthMechanism> mechanism) {
    /** SASL mechanisms. XOAUTH2 takes an access token for a password and is only used when asked for. */
    public enum AuthMechanism {
      PLAIN,
      LOGIN,
      CRAM_MD5,
      XOAUTH2
    }
  }

  /** How long one reply, or one stretch of writing, may take; RFC 5321 section 4.5.3.2. */
  public record ReplyTimeouts(
      Duration greeting, Duration command, Duration data, Duration write, Duration finalDot) {
    public static final ReplyTimeouts RFC5321 =
        new ReplyTimeouts(
            Duration.ofMinutes(5),
            Duration.ofMinutes(5),
            Duration.ofMinutes(2),
            Duration.ofMinutes(3),
            Duration.ofMinutes(10));

    public static ReplyTimeouts all(Duration reply) {
      return new ReplyTimeouts(reply, reply, reply, reply, reply);
    }
  }

  /**
   * Who this client is to the server.
   *
   * @param ehloName absent: the worker's
   * @param sourceAddress local address to connect from, as the network has it; absent: the system's choice
   * @param certificate for TLS, PEM files with the chain and its PKCS#8 key
   */
  public record ClientIdentity(
      Optional<String> ehloName,
      Optional<String> sourceAddress,
      Optional<ClientCertificate> certificate) {
    public static final ClientIdentity DEFAULT =
        new ClientIdentity(Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** A certificate to show and the key that goes with it. */
  public record ClientCertificate(Path chainFile, Path keyFile) {}
}
