package io.tandemmail.model.settings;

import io.tandemmail.model.dns.IpAddress;
import io.tandemmail.model.settings.ServerSettings.ClientCertificate;
import io.tandemmail.model.settings.ServerSettings.ClientIdentity;
import io.tandemmail.model.settings.ServerSettings.Credentials;
import io.tandemmail.model.settings.ServerSettings.Credentials.AuthMechanism;
import io.tandemmail.model.settings.ServerSettings.Limits;
import io.tandemmail.model.settings.ServerSettings.ReplyTimeouts;
import io.tandemmail.model.settings.ServerSettings.Security;
import io.tandemmail.model.settings.ServerSettings.Timing;
import io.tandemmail.model.settings.ServerSettings.Tls;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The {@code servers} section. */
final class ServersReader {
  /** Lane topics are {@code mail.outbound.<route>.<server>}: no dots, and nothing Kafka would refuse. */
  static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

  static final String ID_RULE = "use lower-case letters, digits and hyphens";

  private final Reading reading;

  ServersReader(Reading reading) {
    this.reading = reading;
  }

  SortedMap<String, ServerSettings> read(Section servers) {
    SortedMap<String, ServerSettings> all = new TreeMap<>();
    for (String id : List.copyOf(servers.keys())) {
      Section section = servers.section(id);
      if (!ID.matcher(id).matches()) {
        servers.problem(id, "is not a server id", ID_RULE);
      }
      all.put(id, server(id, section));
    }
    if (all.isEmpty()) {
      reading.problem(
          0,
          "servers",
          "has no server",
          "give at least one, such as mx-a: { host: smtp.example.com }");
    }
    return all;
  }

  private ServerSettings server(String id, Section server) {
    Optional<String> host = server.text("host");
    if (host.isEmpty()) {
      server.problem("host", "is missing", "give the server's name or address");
    }
    Tls tls = server.choice("tls", Tls.class, Tls.OPPORTUNISTIC);
    boolean skipVerify = server.flag("insecure-skip-verify");
    if (skipVerify) {
      reading.warn(
          "servers." + id + ": certificates are not verified (insecure-skip-verify: true)");
    }
    ServerSettings settings =
        new ServerSettings(
            id,
            host.orElse(""),
            server.integer("port", 1, 65_535, tls == Tls.IMPLICIT ? 465 : 25),
            new Security(
                tls, credentials(server), server.text("trust-store").map(Path::of), skipVerify),
            limits(server),
            new Timing(
                server.duration("connect-timeout", Timing.DEFAULT.connect()), timeouts(server)),
            client(server),
            egress(server));
    server.refuseUnknown();
    return settings;
  }

  private static List<String> egress(Section server) {
    List<String> addresses = server.texts("egress-addresses");
    addresses.stream()
        .filter(text -> IpAddress.parse(text).isEmpty())
        .forEach(text ->
            server.problem(
                "egress-addresses",
                "holds '" + text + "'",
                "write the addresses that receivers see, such as 192.0.2.1"));
    return addresses;
  }

  private static Limits limits(Section server) {
    return new Limits(
        server.integer("max-connections", 1, 10_000, Limits.DEFAULT.maxConnections()),
        server.integer(
            "max-messages-per-connection", 1, 1_000_000, Limits.DEFAULT.maxMessagesPerConnection()),
        rate(server),
        server.duration("max-connection-age", Limits.DEFAULT.maxConnectionAge()));
  }

  private static OptionalDouble rate(Section server) {
    double perSecond =
        server.read("max-rate", 0.0, "a rate such as 2000/s or 600/m", Scalars::rate);
    return perSecond > 0 ? OptionalDouble.of(perSecond) : OptionalDouble.empty();
  }

  private static Optional<Credentials> credentials(Section server) {
    Optional<String> username = server.text("username");
    Optional<Path> password = server.text("password-file").map(Path::of);
    if (username.isPresent() && password.isEmpty()) {
      server.problem(
          "password-file", "is missing beside username", "give the file that holds the password");
    }
    if (username.isEmpty() && password.isPresent()) {
      server.problem("username", "is missing beside password-file", "give the user name");
    }
    Optional<AuthMechanism> mechanism =
        server.has("auth")
            ? Optional.of(server.choice("auth", AuthMechanism.class, AuthMechanism.PLAIN))
            : Optional.empty();
    return username.flatMap(user -> password.map(file -> new Credentials(user, file, mechanism)));
  }

  /** {@code reply-timeout} is for all replies at once, {@code timeouts} for each kind. */
  private static ReplyTimeouts timeouts(Section server) {
    Duration all = server.duration("reply-timeout", Duration.ZERO);
    ReplyTimeouts otherwise = all.isZero() ? ReplyTimeouts.RFC5321 : ReplyTimeouts.all(all);
    Section section = server.section("timeouts");
    ReplyTimeouts timeouts =
        new ReplyTimeouts(
            section.duration("greeting", otherwise.greeting()),
            section.duration("command", otherwise.command()),
            section.duration("data", otherwise.data()),
            section.duration("write", otherwise.write()),
            section.duration("final-dot", otherwise.finalDot()));
    section.refuseUnknown();
    return timeouts;
  }

  private static ClientIdentity client(Section server) {
    Optional<Path> chain = server.text("client-certificate").map(Path::of);
    Optional<Path> key = server.text("client-key").map(Path::of);
    if (chain.isPresent() != key.isPresent()) {
      server.problem(
          chain.isPresent() ? "client-key" : "client-certificate",
          "is missing",
          "give both, PEM files with the certificate chain and its PKCS#8 key");
    }
    return new ClientIdentity(
        server.text("ehlo-name"),
        server.text("source-address"),
        chain.flatMap(file -> key.map(its -> new ClientCertificate(file, its))));
  }
}
