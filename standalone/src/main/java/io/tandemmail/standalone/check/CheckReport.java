package io.tandemmail.standalone.check;

import io.tandemmail.model.parity.ParityFinding;
import io.tandemmail.model.parity.ServerFacts;
import io.tandemmail.model.settings.Settings;
import io.tandemmail.parity.RouteParity;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Everything at once: what is wrong, what is unwise, and what was seen. Filled by the command, then shown. */
public final class CheckReport {
  private final Settings settings;
  private final List<String> problems = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();
  private final List<String> kafka = new ArrayList<>();
  private final SortedMap<String, ServerFacts> servers = new TreeMap<>();
  private final List<RouteParity> routes = new ArrayList<>();

  public CheckReport(Settings settings) {
    this.settings = settings;
  }

  public void problem(String text) {
    problems.add(plain(text));
  }

  public void warning(String text) {
    warnings.add(plain(text));
  }

  /** What was asked of the brokers, or why not. */
  public void kafka(String text) {
    kafka.add(plain(text));
  }

  public void server(ServerFacts facts) {
    servers.put(facts.server(), facts);
  }

  /** What was seen of a route; what is to be said of it becomes problems and warnings. */
  public void route(RouteParity parity) {
    routes.add(parity);
    findings(parity.route().id(), parity.findings());
  }

  /** What can be said of a route without having seen anything. */
  public void findings(String route, List<ParityFinding> findings) {
    for (ParityFinding finding : findings) {
      String text = "routes." + route + ": " + finding.text();
      if (finding.isProblem()) {
        problem(text);
      } else {
        warning(text);
      }
    }
  }

  public boolean isGood() {
    return problems.isEmpty();
  }

  Settings settings() {
    return settings;
  }

  List<String> problems() {
    return problems;
  }

  List<String> warnings() {
    return warnings;
  }

  List<String> kafka() {
    return kafka;
  }

  SortedMap<String, ServerFacts> servers() {
    return servers;
  }

  List<RouteParity> routes() {
    return routes;
  }

  /** Servers and zones say what they like; none of it may steer a terminal. */
  static String plain(String text) {
    return text.replaceAll("\\p{Cntrl}", "?");
  }
}
