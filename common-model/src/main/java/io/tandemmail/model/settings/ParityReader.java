package io.tandemmail.model.settings;

import io.tandemmail.model.dns.IpAddress;
import io.tandemmail.model.settings.ParitySettings.Dns;
import io.tandemmail.model.settings.ParitySettings.DnsServer;
import io.tandemmail.model.settings.RouteSettings.Parity;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** What the configuration says of parity: in the {@code dns} section, under {@code health}, and in each route. */
final class ParityReader {
  private static final int DNS_PORT = 53;
  private static final Pattern DOMAIN = Pattern.compile("[a-z0-9_-]+(?:\\.[a-z0-9_-]+)+");

  private ParityReader() {}

  static ParitySettings read(Section dns, Section health) {
    ParitySettings usual = ParitySettings.DEFAULT;
    List<DnsServer> servers = new ArrayList<>();
    for (String text : dns.texts("servers")) {
      Optional<DnsServer> server = server(text);
      if (server.isEmpty()) {
        dns.problem(
            "servers", "holds '" + text + "'", "write addresses such as 192.0.2.53 or [::1]:5353");
      }
      server.ifPresent(servers::add);
    }
    ParitySettings settings =
        new ParitySettings(
            health.duration("parity-interval", usual.interval()),
            new Dns(servers, dns.duration("timeout", usual.dns().timeout())));
    dns.refuseUnknown();
    return settings;
  }

  static Parity route(Section route) {
    List<String> domains =
        route.texts("sender-domains").stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
    domains.stream()
        .filter(name -> !DOMAIN.matcher(name).matches())
        .forEach(name ->
            route.problem(
                "sender-domains",
                "holds '" + name + "'",
                "write domains such as example.com; other scripts as xn--…"));
    return new Parity(route.choice("parity", Parity.Demand.class, Parity.Demand.ADVISED), domains);
  }

  /** {@code address}, {@code v4:port} or {@code [v6]:port}. */
  private static Optional<DnsServer> server(String text) {
    int colon = text.lastIndexOf(':');
    boolean withPort = text.startsWith("[") ? text.contains("]:") : text.indexOf(':') == colon;
    String host = colon >= 0 && withPort ? text.substring(0, colon) : text;
    String port = colon >= 0 && withPort ? text.substring(colon + 1) : "" + DNS_PORT;
    String bare =
        host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    boolean portFits = port.matches("[0-9]{1,5}") && Integer.parseInt(port) <= 65_535;
    return IpAddress.parse(bare)
        .filter(address -> portFits)
        .map(address -> new DnsServer(bare, Integer.parseInt(port)));
  }
}
