package io.tandemmail.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * {@code tandem bench [--quick] [--messages N] [--rounds N] [--only limit|postfix|tandem|worker]}: the limit (smtp-source straight into smtp-sink), Postfix as a
 * relay, and Tandem standalone, interleaved, each into the same kind of sink and counted by it. {@code --dkim}: signatures alone. {@code --round-trip}: the engine and a distant
 * server. {@code --engine}: the engine in memory.
 */
public final class BenchMain {
  /** Not measured in this run: no ratio to it. */
  private static final List<Double> UNKNOWN = List.of(Double.NaN);

  private BenchMain() {}

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

  public static void main(String[] args)
      throws IOException, InterruptedException, ExecutionException, RunnerException {
    if (System.getenv("TANDEM_LOG_LEVEL") == null) {
      System.setProperty("TANDEM_LOG_LEVEL", "ERROR");
      System.setProperty("TANDEM_KAFKA_LOG_LEVEL", "OFF");
    }
    if (List.of(args).contains("--dkim")) {
      DkimRun.print();
      System.exit(0);
    }
    if (List.of(args).contains("--engine")) {
      engine();
      System.exit(0);
    }
    if (List.of(args).contains("--round-trip")) {
      RoundTripRun.print(option(args, "--messages", 2_000));
      System.exit(0);
    }
    boolean quick = List.of(args).contains("--quick");
    int messages = option(args, "--messages", quick ? 20_000 : 100_000);
    int rounds = option(args, "--rounds", quick ? 1 : 3);
    if (messages < 100 || rounds < 1) {
      System.err.println(
          "usage: tandem bench [--quick] [--messages N] [--rounds N] [--only NAME] | --dkim | --round-trip | --engine");
      System.exit(2);
    }
    if (!PostfixTools.available()) {
      System.err.println("tandem: smtp-source, smtp-sink and postfix are needed for comparison");
      System.err.println("tandem: apt-get install postfix");
      System.exit(69);
    }
    Map<Contender, List<Double>> rates = new EnumMap<>(Contender.class);
    for (int round = 0; round < rounds; round++) {
      for (Contender contender : only(args)) {
        double rate =
            switch (contender) {
              case LIMIT -> LimitRun.perSecond(messages);
              case POSTFIX -> PostfixRun.perSecond(messages);
              case TANDEM -> TandemRun.perSecond(messages);
              case WORKER -> WorkerRun.perSecond(messages);
            };
        rates.computeIfAbsent(contender, key -> new ArrayList<>()).add(rate);
        System.out.printf("round %d  %-34s %,9.0f messages/s%n", round + 1, contender.title, rate);
      }
    }
    table(messages, rates);
    System.exit(0);
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
          "%-36s %,12.0f %10.1f %9.0f%%%n",
          entry.getKey().title, rate, rate / postfix, 100 * rate / limit);
    }
  }

  private static List<Contender> only(String[] args) {
    int at = List.of(args).indexOf("--only");
    return at < 0 || at + 1 >= args.length
        ? List.of(Contender.values())
        : List.of(Contender.valueOf(args[at + 1].toUpperCase(Locale.ROOT)));
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }

  private static int option(String[] args, String name, int otherwise) {
    for (int i = 0; i + 1 < args.length; i++) {
      if (args[i].equals(name)) {
        return Integer.parseInt(args[i + 1]);
      }
    }
    return otherwise;
  }
}
