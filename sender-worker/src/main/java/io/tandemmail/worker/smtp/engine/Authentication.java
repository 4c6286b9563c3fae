package io.tandemmail.worker.smtp.engine;

import io.tandemmail.model.settings.ServerSettings.Credentials;
import io.tandemmail.worker.smtp.EnhancedCode;
import io.tandemmail.worker.smtp.Fault;
import io.tandemmail.worker.smtp.Phase;
import io.tandemmail.worker.smtp.Reply;
import io.tandemmail.worker.smtp.ServerEndpoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** SMTP AUTH (RFC 4954): PLAIN, else LOGIN. A password never leaves without TLS, except to this very machine. */
final class Authentication {
  private Authentication() {}

  /** The server's refusal; null when authenticated or when no credentials are configured. */
  static @Nullable Reply run(Wire wire, Capabilities capabilities, ServerEndpoint endpoint)
      throws SmtpFailure {
    Optional<Credentials> configured = endpoint.server().credentials();
    if (configured.isEmpty()) {
      return null;
    }
    if (!wire.isTls() && !wire.socket().getInetAddress().isLoopbackAddress()) {
      throw new SmtpFailure(
          new Fault(
              Fault.Kind.AUTH_WITHOUT_TLS,
              Phase.AUTH,
              "not sending a password without TLS; set tls: required"));
    }
    Credentials credentials = configured.get();
    Duration within = endpoint.timeouts().command();
    Reply reply;
    if (capabilities.authMechanisms().contains("PLAIN")) {
      String secret = "\0" + credentials.username() + "\0" + password(credentials);
      reply = PipeliningSmtpTransport.ask(wire, "AUTH PLAIN " + base64(secret), Phase.AUTH, within);
    } else if (capabilities.authMechanisms().contains("LOGIN")) {
      reply = PipeliningSmtpTransport.ask(wire, "AUTH LOGIN", Phase.AUTH, within);
      if (reply.intermediate()) {
        reply =
            PipeliningSmtpTransport.ask(wire, base64(credentials.username()), Phase.AUTH, within);
      }
      if (reply.intermediate()) {
        reply =
            PipeliningSmtpTransport.ask(wire, base64(password(credentials)), Phase.AUTH, within);
      }
    } else {
      reply =
          new Reply(
              504,
              Optional.of(new EnhancedCode(5, 5, 4)),
              "the server offers neither AUTH PLAIN nor LOGIN");
    }
    return reply.positive() ? null : reply;
  }

  private static String password(Credentials credentials) throws SmtpFailure {
    try {
      return Files.readString(credentials.passwordFile()).strip();
    } catch (IOException e) {
      throw new SmtpFailure(
          new Fault(
              Fault.Kind.AUTH_WITHOUT_TLS,
              Phase.AUTH,
              "cannot read " + credentials.passwordFile()));
    }
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
