package io.tandemmail.model.settings;

import io.tandemmail.model.doubt.InDoubtPolicy;
import io.tandemmail.model.settings.RouteSettings.Bounces;
import io.tandemmail.model.settings.RouteSettings.Dsn;
import io.tandemmail.model.settings.RouteSettings.Handling;
import io.tandemmail.model.settings.RouteSettings.Retry;
import io.tandemmail.model.text.Suggestion;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** The {@code routes} section. Every server a route names must exist. */
final class RoutesReader {
  private final Set<String> servers;

  RoutesReader(Set<String> servers) {
    this.servers = servers;
  }

  SortedMap<String, RouteSettings> read(Section routes) {
    SortedMap<String, RouteSettings> all = new TreeMap<>();
    for (String id : List.copyOf(routes.keys())) {
      if (!ServersReader.ID.matcher(id).matches()) {
        routes.problem(id, "is not a route id", ServersReader.ID_RULE);
      }
      all.put(id, route(id, routes.section(id)));
    }
    if (all.isEmpty()) {
      routes.problem(
          "default",
          "is missing",
          "give at least one route: default: { primary: … , secondary: … }");
    }
    return all;
  }

  private RouteSettings route(String id, Section route) {
    String primary = route.text("primary").orElse("");
    if (primary.isEmpty()) {
      route.problem("primary", "is missing", "name one of " + String.join(", ", servers));
    } else {
      known(route, "primary", primary);
    }
    List<String> secondaries = route.texts("secondary");
    Set<String> seen = new HashSet<>(Set.of(primary));
    for (String secondary : secondaries) {
      known(route, "secondary", secondary);
      if (!seen.add(secondary)) {
        route.problem(
            "secondary", "names " + secondary + " twice", "a server cannot stand in for itself");
      }
    }
    Section section = route.section("retry");
    Retry retry =
        new Retry(
            section.duration("first", Retry.DEFAULT.first()),
            section.duration("max", Retry.DEFAULT.max()),
            section.duration("give-up-after", Retry.DEFAULT.giveUpAfter()));
    if (retry.first().compareTo(retry.max()) > 0) {
      section.problem("first", "is longer than max", "write first shorter than max");
    }
    section.refuseUnknown();
    List<DkimKeySettings> dkim = DkimReader.read(route);
    Bounces bounces =
        new Bounces(
            route.choice("dsn", Dsn.class, Dsn.NONE),
            route.flag("suppress-hard-bounces"),
            route.flag("suppress-complaints"));
    RouteSettings.OwedHeaders headers = OwedHeadersReader.read(route);
    Handling handling =
        new Handling(
            route.choice("priority", Priority.class, Priority.NORMAL),
            ParityReader.route(route),
            route.choice("in-doubt", InDoubtPolicy.class, InDoubtPolicy.RESEND_SAME_SERVER));
    route.refuseUnknown();
    return new RouteSettings(id, primary, secondaries, retry, dkim, bounces, headers, handling);
  }

  private void known(Section route, String key, String server) {
    if (!servers.contains(server)) {
      String remedy =
          Suggestion.nearest(server, servers)
              .map(near -> "did you mean " + near + "?")
              .orElse("use one of " + String.join(", ", servers));
      route.problem(key, "names the unknown server '" + server + "'", remedy);
    }
  }
}
