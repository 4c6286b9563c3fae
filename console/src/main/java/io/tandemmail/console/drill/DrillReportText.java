package io.tandemmail.console.drill;

import io.tandemmail.model.drill.DrillFigures;
import io.tandemmail.model.drill.DrillPlan;
import io.tandemmail.model.drill.DrillReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A report for people: as lines for a terminal, and as a page to keep or to hand on. */
public final class DrillReportText {
  /** Of the page. Who serves it allows this one by its hash. */
  public static final String STYLE =
      ":root{color-scheme:light dark}"
          + "body{font:16px/1.5 system-ui;margin:2em auto;max-width:60em;padding:0 1em}"
          + "th{text-align:left;padding-right:2em;vertical-align:top;white-space:nowrap}"
          + "td{overflow-wrap:anywhere}";

  private DrillReportText() {}

  /** A name and what is to be said of it. */
  private record Line(String name, String value) {}

  public static String text(DrillReport report) {
    StringBuilder text = new StringBuilder();
    lines(report).forEach(line -> text.append("%-28s %s%n".formatted(line.name, line.value)));
    return text.toString();
  }

  /** One file, nothing fetched from elsewhere. */
  public static String html(DrillReport report) {
    String title = "Failover drill " + report.plan().id() + ": " + verdict(report);
    StringBuilder html = new StringBuilder();
    html.append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>")
        .append(escaped(title))
        .append("</title>\n<style>")
        .append(STYLE)
        .append("</style></head>\n<body><h1>")
        .append(escaped(title))
        .append("</h1>\n<table>\n");
    for (Line line : lines(report)) {
      html.append("<tr><th scope=\"row\">")
          .append(escaped(line.name))
          .append("</th><td>")
          .append(escaped(line.value))
          .append("</td></tr>\n");
    }
    return html.append("</table></body></html>\n").toString();
  }

  private static String verdict(DrillReport report) {
    return report.passed()
        ? "passed"
        : report.figures().isEmpty() ? "not begun, nothing was moved" : "failed";
  }

  private static List<Line> lines(DrillReport report) {
    DrillPlan plan = report.plan();
    List<Line> lines = new ArrayList<>();
    lines.add(new Line("drill", plan.id() + ", " + verdict(report)));
    report.problems().forEach(problem -> lines.add(new Line("problem", plain(problem))));
    report.missed().forEach(missed -> lines.add(new Line("missed", plain(missed))));
    lines.add(
        new Line(
            "rehearsed",
            "%s of %s on route %s, %d %% of its mail"
                .formatted(
                    plan.kind().wireName(), plan.primary(), plan.route(), plan.canaryPercent())));
    lines.add(new Line("secondaries", String.join(", ", plan.secondaries())));
    lines.add(new Line("ordered by", plain(report.origin().by() + " " + report.origin().why())));
    lines.add(new Line("from, to", report.startedAt() + ", " + report.endedAt()));
    report.figures().ifPresent(figures -> figures(lines, figures));
    return lines;
  }

  private static void figures(List<Line> lines, DrillFigures figures) {
    lines.add(new Line("noticed after", time(figures.detection())));
    lines.add(new Line("evidence", plain(figures.evidence())));
    lines.add(new Line("secondary delivers after", time(figures.firstBySecondary())));
    lines.add(new Line("  mail that had waited", time(figures.firstWaiting())));
    lines.add(new Line("waiting messages moved", Integer.toString(figures.moved())));
    lines.add(new Line("least share of the primary", figures.leastShare() + " %"));
    lines.add(new Line("primary restored after", time(figures.restored())));
    lines.add(new Line("primary delivers again after", time(figures.firstByPrimaryAgain())));
    lines.add(new Line("accepted meanwhile", figures.accepted() + " recipients"));
    for (Map.Entry<String, Long> server : new TreeMap<>(figures.deliveredBy()).entrySet()) {
      lines.add(new Line("delivered by " + server.getKey(), server.getValue().toString()));
    }
    lines.add(new Line("without a final outcome", Integer.toString(figures.unfinished())));
    lines.add(new Line("delivered twice", Integer.toString(figures.duplicates())));
    lines.add(new Line("in doubt", Integer.toString(figures.inDoubt())));
  }

  private static String time(Optional<Duration> time) {
    return time.map(it -> it.toMillis() + " ms").orElse("not seen");
  }

  private static String plain(String text) {
    return text.replaceAll("\\p{Cntrl}", "?").strip();
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
