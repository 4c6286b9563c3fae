package io.tandemmail.smtp;

import io.tandemmail.model.settings.ServerSettings;
import io.tandemmail.model.settings.ServerSettings.ClientIdentity;
import io.tandemmail.model.settings.ServerSettings.Limits;
import io.tandemmail.model.settings.ServerSettings.Security;
import io.tandemmail.model.settings.ServerSettings.Timing;
import io.tandemmail.model.settings.ServerSettings.Tls;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** Endpoints on this machine, and mail for them. */
public final class TestServers {
  private TestServers() {}

  public static ServerEndpoint endpoint(int port, Duration within) {
    return ServerEndpoint.of(settings(port, Tls.NONE), "localhost").within(within);
  }

  public static ServerSettings settings(int port, Tls tls) {
    return new ServerSettings(
        "test",
        "127.0.0.1",
        port,
        new Security(tls, Optional.empty(), Optional.empty(), false),
        new Limits(1, 10_000, OptionalDouble.empty(), Duration.ofMinutes(10)),
        Timing.DEFAULT,
        ClientIdentity.DEFAULT);
  }

  public static SmtpSession connect(SmtpTransport transport, ServerEndpoint endpoint) {
    return switch (transport.connect(endpoint)) {
      case ConnectResult.Connected connected -> connected.session();
      case ConnectResult.Refused refused -> throw new AssertionError(refused);
      case ConnectResult.Unreachable unreachable -> throw new AssertionError(unreachable);
    };
  }

  public static MailTransaction mail(String content, String... recipients) {
    return new MailTransaction(
        "b@example.com", List.of(recipients), content.getBytes(StandardCharsets.UTF_8));
  }
}
