package io.tandemmail.parity;

import io.tandemmail.model.dns.DnsAnswer;
import io.tandemmail.model.dns.DnsView;
import io.tandemmail.model.dns.IpAddress;
import io.tandemmail.model.parity.DomainFacts;
import io.tandemmail.model.parity.ParityRules;
import io.tandemmail.model.parity.ServerFacts;
import io.tandemmail.model.settings.DkimKeySettings;
import io.tandemmail.model.settings.RouteSettings;
import io.tandemmail.model.settings.ServerSettings;
import io.tandemmail.model.settings.Settings;
import io.tandemmail.model.spf.SpfCheck;
import io.tandemmail.model.spf.SpfResult;
import io.tandemmail.model.spf.SpfResult.Verdict;
import io.tandemmail.smtp.ServerEndpoint;
import io.tandemmail.smtp.engine.ServerSurvey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Asks the servers of routes and the DNS, all at once, and has the answers compared. */
public final class ParityCheck implements AutoCloseable {
  /** For each step of a survey: a server that takes longer is not fit to stand in. */
  private static final Duration STEP_MAX = Duration.ofSeconds(10);

  private final Settings settings;
  private final String ehloName;
  private final Map<String, String> keyRecords;
  private final DnsView dns;
  private final ParityRules rules;
  private final ServerSurvey surveyor = new ServerSurvey();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /**
   * @param ehloName what the client calls itself where the settings do not say
   * @param keyRecords the text that publishes each DKIM key in use, by the name of its record; a key that is not in it is
   *     not looked up
   */
  public ParityCheck(Settings settings, String ehloName, Map<String, String> keyRecords) {
    this.settings = settings;
    this.ehloName = ehloName;
    this.keyRecords = Map.copyOf(keyRecords);
    this.dns = new DnsLookup(settings.parity().dns());
    this.rules = new ParityRules(settings);
  }

  /**
   * Everything about one route, asked now.
   *
   * @param id of a configured route
   */
  public RouteParity route(String id) {
    RouteSettings route = settings.routes().get(id);
    if (route == null) {
      throw new IllegalArgumentException(
          "unknown route " + id + "; known: " + String.join(", ", settings.routes().keySet()));
    }
    Map<String, ServerFacts> facts = survey(route.serversInOrder());
    return compare(route, facts, domains(route, facts));
  }

  /** Each of the servers, side by side. */
  public Map<String, ServerFacts> survey(Collection<String> servers) {
    List<ServerFacts> all =
        atOnce(
            servers.stream().<Callable<ServerFacts>>map(id -> () -> survey(server(id))).toList());
    Map<String, ServerFacts> byServer = new TreeMap<>();
    all.forEach(facts -> byServer.put(facts.server(), facts));
    return byServer;
  }

  /**
   * What is to be said of it.
   *
   * @param facts of every server of the route
   */
  public RouteParity compare(
      RouteSettings route, Map<String, ServerFacts> facts, DomainFacts domains) {
    Map<String, ServerFacts> used = new TreeMap<>();
    route.serversInOrder().forEach(id -> used.put(id, Objects.requireNonNull(facts.get(id), id)));
    return new RouteParity(
        route, used, domains, rules.findings(route, used, domains, Instant.now()));
  }

  @Override
  public void close() {
    threads.shutdownNow();
    surveyor.close();
  }

  private ServerFacts survey(ServerSettings server) {
    return Surveyed.facts(
        server.id(), surveyor.survey(ServerEndpoint.of(server, ehloName).within(STEP_MAX)));
  }

  /** Asks the DNS about the route's keys, and about its senders at each of its servers. */
  public DomainFacts domains(RouteSettings route, Map<String, ServerFacts> facts) {
    // A name is asked for once, though the records of all domains may include it.
    Map<String, DnsAnswer> answers = new ConcurrentHashMap<>();
    DnsView once =
        (type, name) -> answers.computeIfAbsent(type + " " + name, question -> dns.ask(type, name));
    List<Callable<DomainFacts.Key>> keys = new ArrayList<>();
    for (DkimKeySettings key : route.dkim()) {
      String name = key.selector() + "._domainkey." + key.domain();
      String expected = keyRecords.get(name);
      if (expected != null) {
        keys.add(() -> new DomainFacts.Key(name, expected, once.ask(DnsView.Type.TXT, name)));
      }
    }
    List<Callable<DomainFacts.Sender>> senders = new ArrayList<>();
    for (String domain : route.spfDomains()) {
      route.serversInOrder().stream()
          .map(id -> Objects.requireNonNull(facts.get(id), id))
          .forEach(server -> senders.addAll(senders(domain, server, once)));
    }
    return new DomainFacts(atOnce(keys), atOnce(senders));
  }

  private List<Callable<DomainFacts.Sender>> senders(
      String domain, ServerFacts facts, DnsView once) {
    List<String> configured = server(facts.server()).egressAddresses();
    boolean guessed = configured.isEmpty();
    List<IpAddress> addresses =
        (guessed ? facts.addresses() : configured)
            .stream()
                .flatMap(text -> IpAddress.parse(text).stream())
                .filter(address -> !guessed || address.isPublic())
                .toList();
    if (addresses.isEmpty()) {
      SpfResult unknown = new SpfResult(Verdict.UNCERTAIN, "its host has no public address");
      return List.of(
          () -> new DomainFacts.Sender(domain, facts.server(), "its mail", true, unknown));
    }
    return addresses.stream()
        .<Callable<DomainFacts.Sender>>map(address ->
            () ->
                new DomainFacts.Sender(
                    domain,
                    facts.server(),
                    address.toString(),
                    guessed,
                    SpfCheck.of(domain, address, once)))
        .toList();
  }

  private ServerSettings server(String id) {
    return Objects.requireNonNull(settings.servers().get(id), id);
  }

  private <T> List<T> atOnce(List<Callable<T>> questions) {
    List<T> answers = new ArrayList<>();
    try {
      for (Future<T> future : threads.invokeAll(questions)) {
        answers.add(future.get());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while asking servers and the DNS", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(
          "a question failed instead of having no answer", e.getCause());
    }
    return answers;
  }
}
