package io.tandemmail.smtp;

import java.util.Optional;

/** Opens connections. Probes use it too: connect, close. */
public interface SmtpTransport {
  /** TCP, greeting, EHLO, STARTTLS and AUTH as the server's settings ask. Never throws for what servers do. */
  ConnectResult connect(ServerEndpoint endpoint);

  /**
   * What is to be known of a server that can be reached all the same, in words: {@code 1 of 4 addresses avoided:
   * 192.0.2.3 (connection refused)}.
   */
  default Optional<String> oddity(ServerEndpoint endpoint) {
    return Optional.empty();
  }
}
