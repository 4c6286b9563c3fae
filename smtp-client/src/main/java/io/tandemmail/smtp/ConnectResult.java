package io.tandemmail.smtp;

/** What came of opening a connection. */
public sealed interface ConnectResult {
  record Connected(SmtpSession session) implements ConnectResult {}

  /** The server spoke, and said no: at greeting, EHLO, STARTTLS or AUTH. */
  record Refused(Phase phase, Reply reply) implements ConnectResult {}

  record Unreachable(Fault fault) implements ConnectResult {}
}
