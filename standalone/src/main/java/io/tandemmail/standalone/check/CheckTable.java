package io.tandemmail.standalone.check;

import io.tandemmail.model.dns.DnsAnswer;
import io.tandemmail.model.parity.DomainFacts;
import io.tandemmail.model.parity.ServerFacts;
import io.tandemmail.model.parity.ServerFacts.Login;
import io.tandemmail.model.parity.ServerFacts.TlsFacts;
import io.tandemmail.model.settings.DkimKeySettings;
import io.tandemmail.model.settings.RouteSettings;
import io.tandemmail.model.settings.ServerSettings;
import io.tandemmail.parity.RouteParity;
import java.util.Locale;
import java.util.TreeSet;

/** For people. Problems come last, where the eye is. */
public final class CheckTable {
  private final StringBuilder text = new StringBuilder();

  private CheckTable() {}

  public static String of(CheckReport report) {
    CheckTable table = new CheckTable();
    report.settings().routes().values().forEach(table::route);
    report.settings().servers().values().forEach(table::server);
    table.surveys(report);
    report.routes().forEach(table::domains);
    report.kafka().forEach(line -> table.line("kafka  %s", line));
    report.warnings().forEach(line -> table.line("WARNING %s", line));
    report.problems().forEach(line -> table.line("PROBLEM %s", line));
    table.line(
        "configuration %s: %d problem(s)", report.settings().hash(), report.problems().size());
    return table.text.toString();
  }

  private void route(RouteSettings route) {
    line(
        "route  %-16s primary %-16s secondary %s, parity %s",
        route.id(),
        route.primary(),
        route.secondaries().isEmpty() ? "(none)" : String.join(", ", route.secondaries()),
        route.parity().demand().name().toLowerCase(Locale.ROOT));
    for (DkimKeySettings key : route.dkim()) {
      line("dkim   %-16s signs for %s, selector %s", route.id(), key.domain(), key.selector());
    }
  }

  private void server(ServerSettings server) {
    line(
        "server %-16s %s:%d tls %s, %d connections",
        server.id(),
        server.host(),
        server.port(),
        server.security().tls().name().toLowerCase(Locale.ROOT),
        server.limits().maxConnections());
  }

  private void surveys(CheckReport report) {
    if (report.servers().isEmpty()) {
      return;
    }
    line(
        "\n%-16s %-8s %-20s %-10s %-12s %s",
        "SERVER", "TLS", "CERTIFICATE UNTIL", "LOGIN", "SIZE", "OFFERS");
    for (ServerFacts facts : report.servers().values()) {
      line(
          "%-16s %-8s %-20s %-10s %-12s %s",
          facts.server(),
          facts.tls().map(TlsFacts::version).orElse("-"),
          facts.tls().map(tls -> tls.certificate().notAfter().toString()).orElse("-"),
          login(facts.login()),
          facts.offer().map(offer -> size(offer.contentBytesMax())).orElse("-"),
          facts.offer().map(CheckTable::offers).orElseGet(() -> trouble(facts)));
    }
    line("");
  }

  static String login(Login login) {
    return switch (login) {
      case Login.NotTried notTried -> "-";
      case Login.Accepted accepted -> "accepted";
      case Login.Refused refused -> "refused";
      case Login.Withheld withheld -> "withheld";
    };
  }

  private static String size(long bytes) {
    return bytes == Long.MAX_VALUE ? "any" : Long.toString(bytes);
  }

  private static String offers(ServerFacts.Offer offer) {
    return String.join(" ", new TreeSet<>(offer.keywords()))
        + (offer.mechanisms().isEmpty()
            ? ""
            : " (" + String.join(" ", new TreeSet<>(offer.mechanisms())) + ")");
  }

  private static String trouble(ServerFacts facts) {
    return facts.trouble().map(trouble -> trouble.phase() + ": " + trouble.what()).orElse("-");
  }

  private void domains(RouteParity parity) {
    for (DomainFacts.Key key : parity.domains().keys()) {
      line("dns    %-16s %s %s", parity.route().id(), key.name(), state(key));
    }
    for (DomainFacts.Sender sender : parity.domains().senders()) {
      line(
          "dns    %-16s SPF of %s for %s (%s): %s",
          parity.route().id(), sender.domain(), sender.server(), sender.address(), sender.result());
    }
  }

  static String state(DomainFacts.Key key) {
    return switch (key.published()) {
      case DnsAnswer.Found found -> "is published";
      case DnsAnswer.Absent absent -> "is not there";
      case DnsAnswer.Failed failed -> "cannot be asked for";
    };
  }

  private void line(String format, Object... values) {
    String line = format.formatted(values).stripTrailing();
    String start = line.startsWith("\n") ? "\n" : "";
    text.append(start).append(CheckReport.plain(line.substring(start.length()))).append('\n');
  }
}
