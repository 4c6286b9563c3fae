package io.tandemmail.bench;

import io.tandemmail.standalone.Trial;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code tandem bench}: the limit (smtp-source straight into smtp-sink), Postfix as a relay, Tandem standalone, and its
 * worker alone, interleaved, each into the same kind of sink and counted by it.
 */
@Command(
    name = "tandem bench",
    description = "Measures Tandem beside Postfix and the limit of this machine.",
    mixinStandardHelpOptions = true)
public final class BenchMain implements Callable<Integer> {
  /** Not measured in this run: no ratio to it. */
  private static final List<Double> UNKNOWN = List.of(Double.NaN);

  /** What is measured. */
  enum Contender {
    LIMIT("limit: smtp-source into smtp-sink"),
    POSTFIX("Postfix as a relay"),
    TANDEM("Tandem standalone, durable"),
    WORKER("Tandem's worker alone, lane full");

    private final String title;

    Contender(String title) {
      this.title = title;
    }
  }

  @Option(names = "--quick", description = "20,000 messages, one round; else 100,000 and three")
  boolean quick;

  @Option(names = "--messages", paramLabel = "N", description = "at least 100")
  int messages;

  @Option(names = "--rounds", paramLabel = "N", description = "the median counts")
  int rounds;

  @Option(names = "--only", paramLabel = "NAME", description = "one of ${COMPLETION-CANDIDATES}")
  @Nullable Contender only;

  @Option(names = "--dkim", description = "signatures alone")
  boolean dkim;

  @Option(names = "--round-trip", description = "the engine and a server 20 ms away")
  boolean roundTrip;

  @Option(
      names = "--outage",
      description =
          "both servers away: the heap with a small and a large backlog, and how fast it drains")
  boolean outage;

  @Option(
      names = "--input",
      paramLabel = "R",
      defaultValue = "1000",
      description =
          "with --outage, messages submitted per second while it drains; default: ${DEFAULT-VALUE}")
  int input;

  @Option(names = "--engine", description = "the engine in memory, by JMH")
  boolean engine;

  @Spec CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the specification.
  private BenchMain() {}

  public static void main(String[] args) {
    if (System.getenv("TANDEM_LOG_LEVEL") == null) {
      System.setProperty("TANDEM_LOG_LEVEL", "ERROR");
      System.setProperty("TANDEM_KAFKA_LOG_LEVEL", "OFF");
    }
    System.exit(
        new CommandLine(new BenchMain()).setCaseInsensitiveEnumValuesAllowed(true).execute(args));
  }

  @Override
  public Integer call() throws Exception {
    return Trial.run(this::measure);
  }

  private Integer measure() throws Exception {
    if (dkim) {
      DkimRun.print();
    } else if (engine) {
      engine();
    } else if (roundTrip) {
      RoundTripRun.print(chosen("--messages", messages, 2_000, 100));
    } else if (PostfixTools.available()) {
      if (outage) {
        new OutageRun(chosen("--messages", messages, 1_000_000, OutageRun.SMALL), input).print();
      } else {
        compare();
      }
    } else {
      System.err.println("tandem: smtp-source, smtp-sink and postfix are needed for comparison");
      System.err.println("tandem: apt-get install postfix");
      return 69;
    }
    return 0;
  }

  private void compare() throws Exception {
    int count = chosen("--messages", messages, quick ? 20_000 : 100_000, 100);
    int times = chosen("--rounds", rounds, quick ? 1 : 3, 1);
    List<Contender> contenders = only == null ? List.of(Contender.values()) : List.of(only);
    Map<Contender, List<Double>> rates = new EnumMap<>(Contender.class);
    for (int round = 1; round <= times; round++) {
      for (Contender contender : contenders) {
        double rate =
            switch (contender) {
              case LIMIT -> LimitRun.perSecond(count);
              case POSTFIX -> PostfixRun.perSecond(count);
              case TANDEM -> TandemRun.perSecond(count);
              case WORKER -> WorkerRun.perSecond(count);
            };
        rates.computeIfAbsent(contender, key -> new ArrayList<>()).add(rate);
        System.out.printf("round %d  %-34s %,9.0f messages/s%n", round, contender.title, rate);
      }
    }
    table(count, rates);
  }

  private int chosen(String option, int given, int otherwise, int least) {
    boolean isGiven = spec.commandLine().getParseResult().hasMatchedOption(option);
    if (isGiven && given < least) {
      throw new ParameterException(
          spec.commandLine(), option + " is " + given + ", it must be at least " + least);
    }
    return isGiven ? given : otherwise;
  }

  /** Time and allocation per message, by JMH. */
  private static void engine() throws RunnerException {
    new Runner(
            new OptionsBuilder()
                .include(EngineBenchmark.class.getName())
                .addProfiler(GCProfiler.class)
                .build())
        .run();
  }

  private static void table(int messages, Map<Contender, List<Double>> rates) {
    double limit = median(rates.getOrDefault(Contender.LIMIT, UNKNOWN));
    double postfix = median(rates.getOrDefault(Contender.POSTFIX, UNKNOWN));
    System.out.printf(
        "%n%,d messages of 4 KiB, delivered per second as the sink counts them, median%n",
        messages);
    System.out.printf("%-36s %12s %10s %10s%n", "", "messages/s", "x Postfix", "of limit");
    for (Map.Entry<Contender, List<Double>> entry : rates.entrySet()) {
      double rate = median(entry.getValue());
      System.out.printf(
          "%-36s %,12.0f %10s %10s%n",
          entry.getKey().title,
          rate,
          ratio("%.1f", rate / postfix),
          ratio("%.0f%%", 100 * rate / limit));
    }
  }

  /** Of what was not measured in this run there is none. */
  private static String ratio(String format, double value) {
    return Double.isNaN(value) ? "-" : format.formatted(value);
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }
}
