package io.tandemmail.model.settings;

import io.tandemmail.model.safety.ClientRules;
import io.tandemmail.model.safety.Finding;
import io.tandemmail.model.settings.KafkaSettings.Embedded;
import io.tandemmail.model.settings.KafkaSettings.Flush;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads {@code tandem.yaml}: everything wrong is reported at once, nothing is silently ignored (I7). */
public final class SettingsReader {
  private static final int HASH_HEX_DIGITS = 12;

  /** What ingest holds at once (256 MiB of bodies) four times over: submitted, in a lane, returned, in another lane. */
  private static final long MIN_FREE_DISK = 1L << 30;

  private static final String BOOTSTRAP = "kafka.bootstrap-servers";

  private final Reading reading;
  private final Map<String, Integer> propertyLines = new TreeMap<>();

  private SettingsReader(Reading reading) {
    this.reading = reading;
  }

  /**
   * @param file its name, for messages
   * @param environment {@code TANDEM_…} variables override keys: {@code TANDEM_KAFKA_BOOTSTRAP_SERVERS}
   */
  public static SettingsResult read(String file, String yaml, Map<String, String> environment) {
    Reading reading = new Reading(file, environment);
    Optional<Node> root;
    try {
      root = new Compose(LoadSettings.builder().setLabel(file).build()).composeString(yaml);
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(0);
      reading.problem(
          line, "", "is not YAML: " + e.getProblem(), "mend the line, mind the indentation");
      return new SettingsResult.Invalid(reading.problems());
    } catch (YamlEngineException e) {
      reading.problem(0, "", "is not YAML: " + e.getMessage(), "mend the file");
      return new SettingsResult.Invalid(reading.problems());
    }
    SettingsReader reader = new SettingsReader(reading);
    Settings settings = reader.settings(new Section(reading, "", root));
    List<Finding> findings = reader.findings(file, settings);
    if (reading.problems().isEmpty()) {
      return new SettingsResult.Valid(settings, reading.warnings(), findings);
    }
    findings.stream().filter(Finding::isUnsafe).forEach(reader::problem);
    return new SettingsResult.Invalid(reading.problems());
  }

  private List<Finding> findings(String file, Settings settings) {
    return ClientRules.findings(settings.kafka().properties(), settings.demands()).stream()
        .map(finding -> finding.at(line(finding) > 0 ? file + ":" + line(finding) : file))
        .toList();
  }

  private void problem(Finding finding) {
    String problem = "is " + finding.value() + "; then not promised: " + finding.notPromised();
    reading.problem(line(finding), finding.setting(), problem, finding.remedy());
  }

  private int line(Finding finding) {
    String property = finding.setting().substring(ClientRules.KEY_PREFIX.length());
    return propertyLines.getOrDefault(property, 0);
  }

  private Settings settings(Section root) {
    KafkaSettings kafka = kafka(root.section("kafka"));
    IngestSettings ingest = ingest(root.section("ingest"));
    HttpAddress console = address(root.section("console"), "127.0.0.1", 8081);
    Section router = root.section("router");
    HttpAddress routerHttp = address(router.section("http"), "127.0.0.1", 0);
    router.refuseUnknown();
    WorkerSettings worker = worker(root.section("worker"));
    SortedMap<String, ServerSettings> servers =
        new ServersReader(reading).read(root.section("servers"));
    SortedMap<String, RouteSettings> routes =
        new RoutesReader(servers.keySet()).read(root.section("routes"));
    Section healthSection = root.section("health");
    ParitySettings parity = ParityReader.read(root.section("dns"), healthSection);
    HealthSettings health = health(healthSection);
    root.refuseUnknown();
    boolean keys = ingest.apiKeysFile().isPresent();
    if (!keys && !ingest.http().isLoopback()) {
      reading.problem(
          0,
          "ingest.http.address",
          "lets everybody submit",
          "set ingest.api-keys-file, or bind a loopback address");
    }
    return new Settings(
        kafka, ingest, console, routerHttp, worker, servers, routes, health, parity, hash());
  }

  private KafkaSettings kafka(Section kafka) {
    String bootstrap = kafka.text("bootstrap-servers").orElse("embedded");
    boolean embedded = bootstrap.equals("embedded");
    Section embeddedSection = kafka.section("embedded");
    int port = embeddedSection.integer("port", 0, 65_535, 9092);
    Path dataDir = Path.of(embeddedSection.text("data-dir").orElse("./tandem-data"));
    Flush flush = embeddedSection.choice("flush", Flush.class, Flush.SUBMITTED);
    embeddedSection.refuseUnknown();
    int partitions = kafka.integer("partitions", 1, 1_000, 12);
    int replication = kafka.integer("replication-factor", 1, 9, embedded ? 1 : 3);
    if (embedded && replication != 1) {
      kafka.problem(
          "replication-factor",
          "is " + replication + " with the embedded broker",
          "write 1, or use a cluster");
    }
    Map<String, String> properties = properties(kafka.section("properties"));
    kafka.refuseUnknown();
    return new KafkaSettings(
        embedded ? "" : bootstrap,
        embedded ? Optional.of(new Embedded(port, dataDir, flush)) : Optional.empty(),
        partitions,
        (short) replication,
        properties);
  }

  private Map<String, String> properties(Section section) {
    Map<String, String> properties = new TreeMap<>();
    for (String key : List.copyOf(section.keys())) {
      section.text(key).ifPresent(value -> properties.put(key, value));
      propertyLines.put(key, section.line(key));
    }
    return properties;
  }

  private IngestSettings ingest(Section ingest) {
    HttpAddress http = address(ingest.section("http"), "127.0.0.1", 8080);
    Optional<Path> keys = ingest.text("api-keys-file").map(Path::of);
    Optional<SmtpSettings> smtp = SmtpReader.read(ingest, keys);
    int maxBytes =
        ingest.read(
            "max-message-size",
            10 << 20,
            "a size from 1KiB to 30MiB",
            text -> {
              long bytes = Scalars.bytes(text).orElse(-1);
              return bytes >= 1 << 10 && bytes <= 30L << 20
                  ? Optional.of((int) bytes)
                  : Optional.empty();
            });
    long minFreeDisk =
        ingest.read(
            "min-free-disk",
            MIN_FREE_DISK,
            "a size from 64MiB to 1024GiB, or 0 to take mail whatever is free",
            text -> {
              long bytes = Scalars.bytes(text).orElse(-1);
              return bytes == 0 || bytes >= 64 << 20 && bytes <= 1L << 40
                  ? Optional.of(bytes)
                  : Optional.empty();
            });
    ingest.refuseUnknown();
    return new IngestSettings(http, smtp, keys, maxBytes, minFreeDisk);
  }

  private static WorkerSettings worker(Section worker) {
    HttpAddress http = address(worker.section("http"), "127.0.0.1", 0);
    WorkerSettings settings =
        new WorkerSettings(
            http,
            worker.integer("max-unrecorded", 1, 100_000, 256),
            worker.duration("drain-budget", Duration.ofSeconds(30)),
            worker.text("ehlo-name"));
    worker.refuseUnknown();
    return settings;
  }

  private static HealthSettings health(Section health) {
    HealthSettings usual = HealthSettings.DEFAULT;
    String range = health.text("cool-down").orElse("5s..5m");
    String[] ends = range.split("\\.\\.", -1);
    Optional<Duration> min = Scalars.duration(ends[0]);
    Optional<Duration> max = Scalars.duration(ends[ends.length - 1]);
    if (ends.length > 2 || min.isEmpty() || max.isEmpty() || min.get().compareTo(max.get()) > 0) {
      health.problem(
          "cool-down", "is '" + range + "'", "write the shortest and the longest, such as 5s..5m");
    }
    HealthSettings settings =
        new HealthSettings(
            health.duration("probe-interval", usual.probeInterval()),
            health.duration("probe-timeout", usual.probeTimeout()),
            health.integer("down-after-failures", 1, 10_000, usual.downAfterFailures()),
            health.integer("up-after-successes", 1, 10_000, usual.upAfterSuccesses()),
            health.duration("ramp", usual.ramp()),
            min.orElse(usual.coolDownMin()),
            max.orElse(usual.coolDownMax()),
            health.duration("drain-target", usual.drainTarget()));
    health.refuseUnknown();
    return settings;
  }

  static HttpAddress address(Section section, String address, int port) {
    HttpAddress read =
        new HttpAddress(
            section.text("address").orElse(address), section.integer("port", 0, 65_535, port));
    section.refuseUnknown();
    return read;
  }

  /** Where Kafka answers may differ from service to service; everything else must not. */
  private String hash() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      reading
          .effective()
          .forEach((key, value) -> {
            if (!key.equals(BOOTSTRAP)) {
              digest.update((key + "=" + value + "\n").getBytes(StandardCharsets.UTF_8));
            }
          });
      return HexFormat.of().formatHex(digest.digest()).substring(0, HASH_HEX_DIGITS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
