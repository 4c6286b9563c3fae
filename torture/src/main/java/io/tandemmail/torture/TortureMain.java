package io.tandemmail.torture;

import io.tandemmail.torture.load.Load;
import io.tandemmail.torture.plan.FaultKind;
import io.tandemmail.torture.plan.FaultPlan;
import io.tandemmail.torture.postfix.PostfixTorture;
import io.tandemmail.torture.process.Clocks;
import io.tandemmail.torture.process.Jvm;
import io.tandemmail.torture.process.SmallDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tandem torture}: a cluster of real processes, load, faults, and the question what became of the mail. */
@Command(
    name = "tandem torture",
    description =
        "Starts a cluster on this machine, breaks it while mail flows, and checks every message.",
    mixinStandardHelpOptions = true)
public final class TortureMain implements Callable<Integer> {
  private static final int CONFIGURATION = 78;

  @Option(
      names = "--messages",
      paramLabel = "N",
      defaultValue = "50000",
      description = "to submit; default: ${DEFAULT-VALUE}")
  int messages;

  @Option(
      names = "--faults",
      paramLabel = "K",
      defaultValue = "12",
      description = "to inject, each kind once before any comes twice; default: ${DEFAULT-VALUE}")
  int faults;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "of the plan of faults; by default another one each time")
  @Nullable Long seed;

  @Option(
      names = "--rate",
      paramLabel = "R",
      defaultValue = "150",
      description = "messages submitted per second; default: ${DEFAULT-VALUE}")
  int rate;

  @Option(
      names = "--only",
      paramLabel = "KIND",
      split = ",",
      description = "choose faults from these: ${COMPLETION-CANDIDATES}")
  List<FaultKind> only = List.of();

  @Option(names = "--json", paramLabel = "FILE", description = "the report for machines")
  @Nullable Path json;

  @Option(
      names = "--keep",
      paramLabel = "FOLDER",
      description = "logs and data stay there; else they are deleted")
  @Nullable Path keep;

  @Option(
      names = "--healing-limit",
      paramLabel = "SECONDS",
      defaultValue = "300",
      description = "for all mail to arrive after the last fault; default: ${DEFAULT-VALUE}")
  int healingSeconds;

  @Option(
      names = "--postfix",
      description = "two Postfix relays instead of Tandem, for comparison; as root")
  boolean postfix;

  @Option(
      names = "--distribution",
      paramLabel = "FOLDER",
      description = "the launcher says where",
      hidden = true)
  Path distribution = Path.of("standalone/target");

  @Spec CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the specification.
  private TortureMain() {}

  public static void main(String[] args) {
    if (System.getenv("TANDEM_LOG_LEVEL") == null) {
      // Brokers die on purpose; the clients' complaints would drown the story.
      System.setProperty("TANDEM_LOG_LEVEL", "ERROR");
      System.setProperty("TANDEM_KAFKA_LOG_LEVEL", "OFF");
    }
    System.exit(
        new CommandLine(new TortureMain()).setCaseInsensitiveEnumValuesAllowed(true).execute(args));
  }

  @Override
  public Integer call() throws Exception {
    TortureOptions options = options();
    if (!Files.isRegularFile(options.distribution().resolve("tandem.jar"))) {
      System.err.println("tandem: no tandem.jar in " + options.distribution().toAbsolutePath());
      System.err.println("tandem: start it as ./tandem torture, which builds it");
      return CONFIGURATION;
    }
    Path folder =
        options.keep().isPresent()
            ? Files.createDirectories(options.keep().get().toAbsolutePath())
            : Files.createTempDirectory("tandem-torture-");
    try {
      if (postfix) {
        postfix(options, folder).forEach(System.out::println);
        return 0;
      }
      TortureReport report = new TortureRun(options, folder, System.err::println).run();
      if (json != null) {
        Files.write(json, report.json());
      }
      report.table().forEach(System.out::println);
      return report.holds() ? 0 : 1;
    } finally {
      if (options.keep().isEmpty()) {
        delete(folder);
      }
    }
  }

  private static List<String> postfix(TortureOptions options, Path folder)
      throws IOException, InterruptedException {
    FaultPlan plan =
        FaultPlan.of(options.seed(), options.faults(), options.kinds(), options.window());
    Load.Plan load =
        new Load.Plan(options.run(), options.warmUp(), options.messages(), options.perSecond());
    return new PostfixTorture(folder, System.err::println)
        .run(plan, load, Jvm.ofDistribution(options.distribution()), options.healing());
  }

  private TortureOptions options() throws IOException, InterruptedException {
    atLeast("--messages", messages, 100);
    atLeast("--faults", faults, 0);
    atLeast("--rate", rate, 1);
    atLeast("--healing-limit", healingSeconds, 1);
    if (keep != null && Files.exists(keep)) {
      try (var inside = Files.list(keep)) {
        if (inside.findAny().isPresent()) {
          throw new ParameterException(
              spec.commandLine(), "--keep " + keep + " is not empty; name another folder");
        }
      }
    }
    return new TortureOptions(
        messages,
        faults,
        seed == null ? System.currentTimeMillis() / TimeUnit.SECONDS.toMillis(1) : seed,
        rate,
        kinds(),
        Optional.ofNullable(json),
        Optional.ofNullable(keep),
        Duration.ofSeconds(healingSeconds),
        distribution);
  }

  /** Some need what may not be there: then they are left out, unless they were asked for. */
  private List<FaultKind> kinds() throws IOException, InterruptedException {
    Map<FaultKind, String> lacking = new EnumMap<>(FaultKind.class);
    if (Clocks.libfaketime().isEmpty()) {
      lacking.put(FaultKind.C1, "libfaketime: apt-get install libfaketime");
    }
    if (!SmallDisk.canBeMounted()) {
      lacking.put(FaultKind.D1, "to mount small disks: run it as root");
    }
    for (FaultKind kind : only) {
      if (lacking.containsKey(kind)) {
        throw new ParameterException(spec.commandLine(), kind + " needs " + lacking.get(kind));
      }
    }
    if (!only.isEmpty()) {
      return only;
    }
    List<FaultKind> all = new ArrayList<>(List.of(FaultKind.values()));
    lacking.forEach(
        (kind, needs) -> System.err.println("tandem: " + kind + " is left out, it needs " + needs));
    all.removeAll(lacking.keySet());
    return all;
  }

  private void atLeast(String option, int given, int least) {
    if (given < least) {
      throw new ParameterException(
          spec.commandLine(), option + " is " + given + ", it must be at least " + least);
    }
  }

  private static void delete(Path folder) throws IOException {
    List<Path> inside;
    try (var all = Files.walk(folder)) {
      inside = all.sorted(java.util.Comparator.reverseOrder()).toList();
    }
    for (Path path : inside) {
      Files.deleteIfExists(path);
    }
  }
}
