package io.tandemmail.standalone.command;

import io.tandemmail.model.safety.Finding;
import io.tandemmail.model.settings.RouteSettings;
import io.tandemmail.model.settings.Settings;
import io.tandemmail.runtime.kafka.KafkaClients;
import io.tandemmail.runtime.safety.ClusterSurvey;
import io.tandemmail.worker.dkim.DkimKeys;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code check}: the configuration, whether the files it names can be read, and what of Kafka is unsafe. */
@Command(
    name = "check",
    description =
        "Checks the configuration and Kafka's settings; 1 on a problem, 78 when it cannot be read.",
    mixinStandardHelpOptions = true)
public final class CheckCommand implements Callable<Integer> {
  private static final Duration KAFKA_WAIT = Duration.ofSeconds(3);
  private static final String ANY_PORT = ":0";

  @Mixin ConfigOption config = new ConfigOption();

  @Override
  public Integer call() {
    ConfigOption.Configured configured = config.readToShow();
    Settings settings = configured.settings();
    List<String> problems = new ArrayList<>();
    settings
        .servers()
        .values()
        .forEach(server ->
            Stream.of(
                    server.security().credentials().map(c -> c.passwordFile()),
                    server.security().trustStore())
                .flatMap(Optional::stream)
                .filter(file -> !Files.isReadable(file))
                .forEach(file -> problems.add("servers." + server.id() + ": cannot read " + file)));
    settings
        .ingest()
        .apiKeysFile()
        .filter(file -> !Files.isReadable(file))
        .map(Path::toString)
        .ifPresent(file -> problems.add("ingest.api-keys-file: cannot read " + file));
    DkimKeys dkim = DkimKeys.read(settings);
    problems.addAll(dkim.problems());
    dkim.warnings().forEach(warning -> System.out.println("WARNING DKIM key " + warning));
    for (RouteSettings route : settings.routes().values()) {
      String secondaries =
          route.secondaries().isEmpty() ? "(none)" : String.join(", ", route.secondaries());
      System.out.printf(
          "route  %-16s primary %-16s secondary %s%n", route.id(), route.primary(), secondaries);
      route
          .dkim()
          .forEach(key ->
              System.out.printf(
                  "dkim   %-16s signs for %s, selector %s%n",
                  route.id(), key.domain(), key.selector()));
      if (route.secondaries().isEmpty()) {
        problems.add(
            "routes."
                + route.id()
                + ": has no secondary; its mail waits while "
                + route.primary()
                + " is down");
      }
    }
    settings
        .servers()
        .values()
        .forEach(server ->
            System.out.printf(
                "server %-16s %s:%d tls %s, %d connections%n",
                server.id(),
                server.host(),
                server.port(),
                server.security().tls().name().toLowerCase(Locale.ROOT),
                server.limits().maxConnections()));
    kafka(configured, problems);
    problems.forEach(problem -> System.out.println("PROBLEM " + problem));
    System.out.println("configuration " + settings.hash() + ": " + problems.size() + " problem(s)");
    return problems.isEmpty() ? 0 : Exit.NO;
  }

  /** Brokers that do not answer are no problem of the configuration: it may be checked before they run. */
  private static void kafka(ConfigOption.Configured configured, List<String> problems) {
    List<Finding> findings = new ArrayList<>(configured.findings());
    Settings settings = ConfigOption.reachable(configured.settings());
    String servers = settings.kafka().bootstrapServers();
    if (servers.endsWith(ANY_PORT)) {
      System.out.println("kafka  brokers and topics not asked: the embedded broker's port is any");
    } else {
      Optional<String> away = KafkaClients.unreachable(settings.kafka(), KAFKA_WAIT);
      if (away.isPresent()) {
        System.out.println("kafka  brokers and topics not asked: " + away.get());
      } else {
        ClusterSurvey.Report report = SafetyGate.survey(settings);
        System.out.println("kafka  asked at " + servers);
        report.unseen().forEach(what -> System.out.println("kafka  " + what));
        findings.addAll(report.findings());
      }
    }
    for (Finding finding : findings) {
      if (finding.isUnsafe()) {
        problems.add(finding.text());
      } else {
        System.out.println("WARNING " + finding.text());
      }
    }
  }
}
