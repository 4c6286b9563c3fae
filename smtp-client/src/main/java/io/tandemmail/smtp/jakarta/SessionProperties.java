package io.tandemmail.smtp.jakarta;

import io.tandemmail.model.settings.ServerSettings;
import io.tandemmail.model.settings.ServerSettings.ClientIdentity;
import io.tandemmail.model.settings.ServerSettings.Limits;
import io.tandemmail.model.settings.ServerSettings.ReplyTimeouts;
import io.tandemmail.model.settings.ServerSettings.Security;
import io.tandemmail.model.settings.ServerSettings.Timing;
import io.tandemmail.model.settings.ServerSettings.Tls;
import io.tandemmail.smtp.DsnRequest;
import io.tandemmail.smtp.ServerEndpoint;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;

/** The {@code mail.<protocol>.…} properties of a session, by the names that Jakarta Mail documents for SMTP. */
final class SessionProperties {
  private static final Duration CONNECT_WITHIN = Duration.ofSeconds(60);

  /** The program decides how long it keeps a connection. */
  private static final Limits ONE_CONNECTION =
      new Limits(1, Integer.MAX_VALUE, OptionalDouble.empty(), Duration.ofDays(365));

  private final Session session;
  private final String prefix;

  SessionProperties(Session session, String protocol) {
    this.session = session;
    this.prefix = "mail." + protocol + ".";
  }

  ServerEndpoint endpoint(String host, int port) throws MessagingException {
    Tls tls = tls();
    int standardPort = tls == Tls.IMPLICIT ? 465 : 25;
    ServerSettings server =
        new ServerSettings(
            host,
            host,
            port > 0 ? port : number("port").map(Math::toIntExact).orElse(standardPort),
            new Security(tls, Optional.empty(), text("ssl.trust-store").map(Path::of), false),
            ONE_CONNECTION,
            new Timing(millis("connectiontimeout").orElse(CONNECT_WITHIN), timeouts()),
            new ClientIdentity(Optional.empty(), text("localaddress"), Optional.empty()));
    return ServerEndpoint.of(server, text("localhost").orElseGet(SessionProperties::hostName));
  }

  /** {@code dsn.ret} and {@code dsn.notify}. */
  DsnRequest dsn() throws MessagingException {
    try {
      Optional<DsnRequest.Content> content =
          text("dsn.ret").map(name -> DsnRequest.Content.valueOf(name.toUpperCase(Locale.ROOT)));
      Set<DsnRequest.Notify> notifyOn =
          Arrays.stream(text("dsn.notify").orElse("").split("[ ,]+"))
              .filter(name -> !name.isEmpty())
              .map(name -> DsnRequest.Notify.valueOf(name.toUpperCase(Locale.ROOT)))
              .collect(Collectors.toSet());
      return new DsnRequest(Optional.empty(), content, notifyOn, false);
    } catch (IllegalArgumentException e) {
      throw new MessagingException(prefix + "dsn.ret or dsn.notify: " + e.getMessage());
    }
  }

  Optional<String> reversePath() {
    return text("from");
  }

  private Tls tls() {
    if (flag("ssl.enable")) {
      return Tls.IMPLICIT;
    }
    if (flag("starttls.required")) {
      return Tls.REQUIRED;
    }
    return flag("starttls.enable") ? Tls.OPPORTUNISTIC : Tls.NONE;
  }

  private ReplyTimeouts timeouts() throws MessagingException {
    ReplyTimeouts replies = millis("timeout").map(ReplyTimeouts::all).orElse(ReplyTimeouts.RFC5321);
    return new ReplyTimeouts(
        replies.greeting(),
        replies.command(),
        replies.data(),
        millis("writetimeout").orElse(replies.write()),
        replies.finalDot());
  }

  private boolean flag(String name) {
    return text(name).map(Boolean::parseBoolean).orElse(false);
  }

  private Optional<Duration> millis(String name) throws MessagingException {
    return number(name).filter(millis -> millis > 0).map(Duration::ofMillis);
  }

  private Optional<Long> number(String name) throws MessagingException {
    Optional<String> text = text(name);
    try {
      return text.map(Long::valueOf);
    } catch (NumberFormatException e) {
      throw new MessagingException(prefix + name + " is '" + text.get() + "': write a number");
    }
  }

  private Optional<String> text(String name) {
    return Optional.ofNullable(session.getProperty(prefix + name)).filter(text -> !text.isBlank());
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getCanonicalHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }
}
