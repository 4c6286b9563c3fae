package io.tandemmail.standalone.command;

import io.tandemmail.model.disk.DiskGate;
import io.tandemmail.model.disk.LogDir;
import io.tandemmail.model.parity.ParityRules;
import io.tandemmail.model.parity.ServerFacts;
import io.tandemmail.model.safety.Finding;
import io.tandemmail.model.settings.RouteSettings;
import io.tandemmail.model.settings.Settings;
import io.tandemmail.parity.ParityCheck;
import io.tandemmail.runtime.disk.BrokerDisks;
import io.tandemmail.runtime.kafka.KafkaClients;
import io.tandemmail.runtime.presence.LocalHost;
import io.tandemmail.runtime.safety.ClusterSurvey;
import io.tandemmail.standalone.check.CheckJson;
import io.tandemmail.standalone.check.CheckReport;
import io.tandemmail.standalone.check.CheckTable;
import io.tandemmail.worker.dkim.DkimKeys;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code check}: the configuration, whether the files it names can be read, what of Kafka is unsafe, and whether the servers of
 * each route are alike enough to stand in for each other.
 */
@Command(
    name = "check",
    description =
        "Checks the configuration, Kafka's settings, servers, their parity and DNS; 1 on a problem, 78 when the configuration cannot be read.",
    mixinStandardHelpOptions = true)
public final class CheckCommand implements Callable<Integer> {
  private static final Duration KAFKA_WAIT = Duration.ofSeconds(3);
  private static final String ANY_PORT = ":0";

  @Mixin ConfigOption config = new ConfigOption();

  @Option(names = "--json", description = "for machines")
  boolean json;

  @Option(names = "--offline", description = "asks no server, no DNS and no broker")
  boolean offline;

  @Override
  public Integer call() {
    ConfigOption.Configured configured = config.readToShow();
    Settings settings = configured.settings();
    CheckReport report = new CheckReport(settings);
    files(settings, report);
    DkimKeys dkim = DkimKeys.read(settings);
    dkim.problems().forEach(report::problem);
    dkim.warnings().forEach(warning -> report.warning("DKIM key " + warning));
    for (RouteSettings route : settings.routes().values()) {
      if (route.secondaries().isEmpty()) {
        report.problem(
            "routes.%s: has no secondary; its mail waits while %s is down"
                .formatted(route.id(), route.primary()));
      }
    }
    kafka(configured, report);
    parity(settings, dkim.recordTexts(), report);
    System.out.print(
        json
            ? new String(CheckJson.of(report), StandardCharsets.UTF_8) + "\n"
            : CheckTable.of(report));
    return report.isGood() ? 0 : Exit.NO;
  }

  private static void files(Settings settings, CheckReport report) {
    settings
        .servers()
        .values()
        .forEach(server ->
            Stream.of(
                    server.security().credentials().map(c -> c.passwordFile()),
                    server.security().trustStore())
                .flatMap(Optional::stream)
                .filter(file -> !Files.isReadable(file))
                .forEach(
                    file -> report.problem("servers." + server.id() + ": cannot read " + file)));
    settings
        .ingest()
        .apiKeysFile()
        .filter(file -> !Files.isReadable(file))
        .map(Path::toString)
        .ifPresent(file -> report.problem("ingest.api-keys-file: cannot read " + file));
  }

  private void parity(Settings settings, Map<String, String> keyRecords, CheckReport report) {
    if (offline) {
      ParityRules rules = new ParityRules(settings);
      settings
          .routes()
          .values()
          .forEach(route -> report.findings(route.id(), rules.configured(route)));
      return;
    }
    String ehloName = settings.worker().ehloName().orElseGet(LocalHost::name);
    try (ParityCheck check = new ParityCheck(settings, ehloName, keyRecords)) {
      Map<String, ServerFacts> facts = check.survey(settings.servers().keySet());
      facts.values().forEach(report::server);
      for (RouteSettings route : settings.routes().values()) {
        report.route(check.compare(route, facts, check.domains(route, facts)));
      }
    }
  }

  /** Brokers that do not answer are no problem of the configuration: it may be checked before they run. */
  private void kafka(ConfigOption.Configured configured, CheckReport report) {
    List<Finding> findings = new ArrayList<>(configured.findings());
    Settings settings = ConfigOption.reachable(configured.settings());
    String servers = settings.kafka().bootstrapServers();
    Optional<String> notAsked = notAsked(settings, servers);
    if (notAsked.isPresent()) {
      report.kafka("brokers and topics not asked: " + notAsked.get());
    } else {
      ClusterSurvey.Report cluster = SafetyGate.survey(settings);
      report.kafka("asked at " + servers);
      cluster.unseen().forEach(report::kafka);
      findings.addAll(cluster.findings());
      disks(settings, report);
    }
    for (Finding finding : findings) {
      if (finding.isUnsafe()) {
        report.problem(finding.text());
      } else {
        report.warning(finding.text());
      }
    }
  }

  private static void disks(Settings settings, CheckReport report) {
    BrokerDisks.Answer disks = BrokerDisks.ask(settings.kafka(), "tandem-check", KAFKA_WAIT);
    List<LogDir> known = disks.dirs().values().stream().flatMap(List::stream).toList();
    known.forEach(dir -> report.kafka(dir.text()));
    disks.unseen().forEach(report::kafka);
    DiskGate.decide(DiskGate.OPEN, known, settings.ingest().minFreeDiskBytes())
        .refusal()
        .ifPresent(why -> report.problem("new mail is refused: " + why + "; free space there"));
  }

  private Optional<String> notAsked(Settings settings, String servers) {
    if (offline) {
      return Optional.of("--offline");
    }
    return servers.endsWith(ANY_PORT)
        ? Optional.of("the embedded broker's port is any")
        : KafkaClients.unreachable(settings.kafka(), KAFKA_WAIT);
  }
}
