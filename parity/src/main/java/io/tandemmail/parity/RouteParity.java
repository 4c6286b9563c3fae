package io.tandemmail.parity;

import io.tandemmail.model.parity.DomainFacts;
import io.tandemmail.model.parity.ParityFinding;
import io.tandemmail.model.parity.ServerFacts;
import io.tandemmail.model.settings.RouteSettings;
import java.util.List;
import java.util.Map;

/**
 * A route's servers and domains as they were a moment ago, and what is to be said of them.
 *
 * @param servers by id; every server of the route
 */
public record RouteParity(
    RouteSettings route,
    Map<String, ServerFacts> servers,
    DomainFacts domains,
    List<ParityFinding> findings) {

  public RouteParity {
    servers = Map.copyOf(servers);
    findings = List.copyOf(findings);
  }

  /** What keeps a secondary from standing in; empty: mail may move. */
  public List<ParityFinding> problems() {
    return findings.stream().filter(ParityFinding::isProblem).toList();
  }
}
