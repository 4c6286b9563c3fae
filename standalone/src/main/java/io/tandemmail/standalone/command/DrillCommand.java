package io.tandemmail.standalone.command;

import io.tandemmail.console.drill.DrillReportText;
import io.tandemmail.console.drill.DrillRun;
import io.tandemmail.model.drill.DrillBounds;
import io.tandemmail.model.drill.DrillPlan;
import io.tandemmail.model.drill.DrillReport;
import io.tandemmail.model.drill.DrillReportJson;
import io.tandemmail.model.server.Drill;
import io.tandemmail.model.settings.RouteSettings;
import io.tandemmail.model.settings.Settings;
import io.tandemmail.standalone.DrillInspection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code drill ROUTE}. */
@Command(
    name = "drill",
    description = "Rehearses failover of a route on the running system and restores it.",
    mixinStandardHelpOptions = true)
public final class DrillCommand implements Callable<Integer> {
  @Mixin ConfigOption config = new ConfigOption();

  @Parameters(index = "0", paramLabel = "ROUTE", description = "whose failover is rehearsed")
  String route = "";

  @Option(
      names = "--kind",
      paramLabel = "KIND",
      defaultValue = "primary-loss",
      description = "primary-loss, drain or overload (default: ${DEFAULT-VALUE})")
  String kind = "primary-loss";

  @Option(
      names = "--canary",
      paramLabel = "PERCENT",
      defaultValue = "100%",
      description = "of the route's messages, chosen by id, such as 5%% (default: the whole route)")
  String canary = "100%";

  @Option(
      names = "--hold",
      paramLabel = "SECONDS",
      defaultValue = "10",
      description =
          "how long mail flows through the secondary, 1 to 3600 (default: ${DEFAULT-VALUE})")
  int holdSeconds;

  @Option(names = "--why", defaultValue = "", description = "kept with the report")
  String why = "";

  @Option(
      names = "--no-survey",
      description =
          "do not ask servers and DNS from here first; what workers last saw of them counts all the same")
  boolean noSurvey;

  @Option(names = "--json", description = "the report for machines")
  boolean json;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "the report as a page, beside the one printed")
  Optional<Path> html = Optional.empty();

  @Override
  public Integer call() throws InterruptedException {
    Settings settings = config.readForClient();
    DrillPlan plan = plan(settings);
    DrillRun run =
        new DrillRun(
            settings.kafka(),
            plan,
            DrillBounds.of(settings.health(), plan.kind()),
            new DrillReport.Origin(System.getProperty("user.name", "operator"), why),
            noSurvey ? DrillRun.Preflight.NONE : () -> DrillInspection.problems(settings, route),
            step -> System.err.println("tandem: " + step));
    DrillReport report;
    try {
      report = run.run();
    } catch (DrillRun.Unavailable | KafkaException e) {
      throw new Exit(
          Exit.UNAVAILABLE,
          "the drill broke off: " + e.getMessage(),
          "it ends by itself at its time; tandem status shows when");
    }
    System.out.println(
        json
            ? new String(DrillReportJson.write(report), StandardCharsets.UTF_8)
            : DrillReportText.text(report).stripTrailing());
    html.ifPresent(file -> write(file, DrillReportText.html(report)));
    return report.passed() ? 0 : 1;
  }

  private DrillPlan plan(Settings settings) {
    RouteSettings drilled = settings.routes().get(route);
    if (drilled == null) {
      throw new Exit(
          2,
          "unknown route " + route,
          "use one of " + String.join(", ", settings.routes().keySet()));
    }
    Drill.Kind rehearsed =
        Drill.Kind.ofWireName(kind)
            .orElseThrow(
                () -> new Exit(2, "--kind is " + kind, "use primary-loss, drain or overload"));
    if (holdSeconds < 1 || holdSeconds > 3_600) {
      throw new Exit(2, "--hold is " + holdSeconds, "give 1 to 3600 seconds");
    }
    try {
      String id = DrillPlan.newId(Instant.now());
      return DrillPlan.of(id, drilled, rehearsed, percent(), Duration.ofSeconds(holdSeconds));
    } catch (IllegalArgumentException impossible) {
      throw new Exit(2, String.valueOf(impossible.getMessage()), "see docs/drills.md");
    }
  }

  private int percent() {
    try {
      return Integer.parseInt(
          canary.endsWith("%") ? canary.substring(0, canary.length() - 1) : canary);
    } catch (NumberFormatException e) {
      throw new Exit(2, "--canary is " + canary, "give a percentage, such as 5%");
    }
  }

  private static void write(Path file, String page) {
    try {
      Files.writeString(file, page);
    } catch (IOException e) {
      throw new Exit(
          Exit.UNAVAILABLE,
          "cannot write " + file + ": " + e.getMessage(),
          "give another --html FILE");
    }
  }
}
