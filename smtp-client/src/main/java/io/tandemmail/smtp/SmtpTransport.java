package io.tandemmail.smtp;

/** Opens connections. Probes use it too: connect, close. */
public interface SmtpTransport {
  /** TCP, greeting, EHLO, STARTTLS and AUTH as the server's settings ask. Never throws for what servers do. */
  ConnectResult connect(ServerEndpoint endpoint);
}
