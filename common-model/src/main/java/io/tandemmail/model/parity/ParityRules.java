package io.tandemmail.model.parity;

import io.tandemmail.model.settings.RouteSettings;
import io.tandemmail.model.settings.RouteSettings.Parity.Demand;
import io.tandemmail.model.settings.ServerSettings;
import io.tandemmail.model.settings.Settings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** All that is to be said of a route's servers and domains. */
public final class ParityRules {
  private final Settings settings;

  public ParityRules(Settings settings) {
    this.settings = settings;
  }

  /**
   * @param facts of every server of the route
   * @return servers in the route's order, then its domains
   */
  public List<ParityFinding> findings(
      RouteSettings route, Map<String, ServerFacts> facts, DomainFacts domains, Instant now) {
    List<ParityFinding> findings = new ArrayList<>();
    for (String id : route.serversInOrder()) {
      findings.addAll(ServerRules.findings(server(id), Objects.requireNonNull(facts.get(id)), now));
    }
    findings.addAll(configured(route));
    if (route.parity().demand() != Demand.OFF) {
      for (String id : route.secondaries()) {
        findings.addAll(
            PairRules.seen(
                server(route.primary()),
                server(id),
                Objects.requireNonNull(facts.get(route.primary())),
                Objects.requireNonNull(facts.get(id)),
                settings.ingest().maxMessageSizeBytes()));
      }
      findings.addAll(SpfRules.findings(route, domains.senders()));
    }
    domains.keys().forEach(key -> findings.addAll(DkimRules.findings(key)));
    return findings.stream().distinct().toList();
  }

  /** What can be said without asking anybody. */
  public List<ParityFinding> configured(RouteSettings route) {
    if (route.parity().demand() == Demand.OFF) {
      return List.of();
    }
    return route.secondaries().stream()
        .flatMap(id -> PairRules.configured(server(route.primary()), server(id)).stream())
        .toList();
  }

  private ServerSettings server(String id) {
    return Objects.requireNonNull(settings.servers().get(id));
  }
}
