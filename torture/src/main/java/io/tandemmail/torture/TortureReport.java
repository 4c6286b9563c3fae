package io.tandemmail.torture;

import com.fasterxml.jackson.core.JsonGenerator;
import io.tandemmail.model.json.Json;
import io.tandemmail.torture.check.Finding;
import io.tandemmail.torture.check.Verdict;
import io.tandemmail.torture.evidence.Events;
import io.tandemmail.torture.inject.Account;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a run was and what came of it, as JSON and as a table.
 *
 * @param collapses services that ended though nobody had told them to
 * @param returned records on mail.returned
 */
record TortureReport(
    TortureOptions options,
    Instant begun,
    Verdict verdict,
    Events.Totals totals,
    List<FaultFigures> faults,
    Times times,
    int collapses,
    long returned) {

  /** All of it, of that submitting, and of that waiting for the rest to arrive. */
  record Times(Duration whole, Duration load, Duration healing) {}

  /**
   * One fault and what it did to the flow.
   *
   * @param longestGap in which no mail of some partition arrived
   * @param longestDelay of the mail that was accepted meanwhile
   * @param secondaryAfter until the secondary took mail, where the primary failed
   */
  record FaultFigures(
      Account account,
      Duration longestGap,
      Duration longestDelay,
      Optional<Duration> secondaryAfter) {}

  boolean holds() {
    return verdict.holds();
  }

  byte[] json() {
    return Json.object(json -> {
      json.writeNumberField("seed", options.seed());
      json.writeNumberField("messages", options.messages());
      json.writeNumberField("faults", options.faults());
      json.writeNumberField("rate", options.perSecond());
      json.writeStringField("begun", begun.toString());
      json.writeBooleanField("holds", holds());
      writeFigures(json);
      writeFindings(json);
      json.writeArrayFieldStart("faultLog");
      for (FaultFigures fault : faults) {
        write(json, fault);
      }
      json.writeEndArray();
      json.writeArrayFieldStart("kinds");
      for (KindFigures kind : KindFigures.of(faults)) {
        write(json, kind);
      }
      json.writeEndArray();
    });
  }

  private static void write(JsonGenerator json, KindFigures kind) throws IOException {
    json.writeStartObject();
    json.writeStringField("kind", kind.kind().name());
    json.writeNumberField("times", kind.times());
    write(json, "longestGapSeconds", kind.longestGap());
    if (kind.secondaryAfter().isPresent()) {
      write(json, "secondaryAfterSeconds", kind.secondaryAfter().get());
    }
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, String name, KindFigures.Spread spread)
      throws IOException {
    json.writeObjectFieldStart(name);
    json.writeNumberField("p50", seconds(spread.median()));
    json.writeNumberField("p99", seconds(spread.p99()));
    json.writeNumberField("max", seconds(spread.longest()));
    json.writeEndObject();
  }

  private void writeFigures(JsonGenerator json) throws IOException {
    json.writeNumberField("accepted", verdict.accepted());
    json.writeNumberField("recipients", verdict.recipients());
    json.writeObjectFieldStart("final");
    for (Map.Entry<String, Long> entry : verdict.ends().entrySet()) {
      json.writeNumberField(entry.getKey(), entry.getValue());
    }
    json.writeEndObject();
    json.writeNumberField("copies", verdict.copies());
    json.writeNumberField("lost", verdict.count(Finding.Rule.LOST));
    json.writeNumberField(
        "duplicatesUnexplained", verdict.count(Finding.Rule.UNEXPLAINED_DUPLICATE));
    json.writeNumberField("duplicatesExplained", verdict.explainedInAll());
    json.writeNumberField("inDoubt", verdict.doubts());
    json.writeNumberField("suspected", verdict.suspects());
    json.writeNumberField("eventsTwice", verdict.repeated());
    json.writeNumberField("secondEnds", verdict.secondEnds());
    json.writeNumberField("returned", returned);
    json.writeNumberField("collapses", collapses);
    json.writeObjectFieldStart("counts");
    json.writeNumberField("accepted", totals.accepted());
    json.writeNumberField("delivered", totals.delivered());
    json.writeNumberField("failed", totals.failed());
    json.writeNumberField("scheduled", totals.scheduled());
    json.writeEndObject();
    json.writeNumberField("wholeSeconds", seconds(times.whole()));
    json.writeNumberField("loadSeconds", seconds(times.load()));
    json.writeNumberField("healingSeconds", seconds(times.healing()));
  }

  private void writeFindings(JsonGenerator json) throws IOException {
    json.writeObjectFieldStart("broken");
    for (Finding.Rule rule : Finding.Rule.values()) {
      if (verdict.count(rule) > 0) {
        json.writeNumberField(rule.name(), verdict.count(rule));
      }
    }
    json.writeEndObject();
    json.writeArrayFieldStart("findings");
    for (Finding finding : verdict.findings()) {
      json.writeString(finding.rule() + ": " + finding.detail());
    }
    json.writeEndArray();
  }

  private void write(JsonGenerator json, FaultFigures figures) throws IOException {
    Account account = figures.account();
    json.writeStartObject();
    json.writeNumberField("number", account.fault().number());
    json.writeStringField("kind", account.fault().kind().name());
    json.writeNumberField("target", account.fault().target() + 1);
    json.writeStringField("variant", account.fault().variant());
    json.writeStringField("from", account.struck().toString());
    json.writeStringField("to", account.mended().toString());
    json.writeNumberField("longestGapSeconds", seconds(figures.longestGap()));
    json.writeNumberField("longestDelaySeconds", seconds(figures.longestDelay()));
    if (figures.secondaryAfter().isPresent()) {
      json.writeNumberField("secondaryAfterSeconds", seconds(figures.secondaryAfter().get()));
    }
    json.writeNumberField(
        "duplicatesExplained", verdict.explained().getOrDefault(account.fault().number(), 0));
    json.writeArrayFieldStart("notes");
    for (String note : account.notes()) {
      json.writeString(note);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  /** For people. */
  List<String> table() {
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add(
        "%-4s %-4s %-6s %-22s %8s %12s %13s %13s %11s"
            .formatted(
                "",
                "kind",
                "target",
                "variant",
                "for",
                "longest gap",
                "longest delay",
                "secondary in",
                "2nd copies"));
    for (FaultFigures figures : faults) {
      Account account = figures.account();
      lines.add(
          "%-4d %-4s %-6d %-22s %6.1f s %10.1f s %12.1f s %13s %11d"
              .formatted(
                  account.fault().number(),
                  account.fault().kind(),
                  account.fault().target() + 1,
                  account.fault().variant(),
                  seconds(Duration.between(account.struck(), account.mended())),
                  seconds(figures.longestGap()),
                  seconds(figures.longestDelay()),
                  figures
                      .secondaryAfter()
                      .map(time -> "%.2f s".formatted(seconds(time)))
                      .orElse("-"),
                  verdict.explained().getOrDefault(account.fault().number(), 0)));
    }
    for (FaultFigures figures : faults) {
      figures
          .account()
          .notes()
          .forEach(note -> lines.add(figures.account().fault().number() + ": " + note));
    }
    lines.add("");
    KindFigures.of(faults).forEach(kind -> lines.add(kind.text()));
    lines.add("");
    lines.add(
        "seed %d: %d messages to %d recipients accepted, %s"
            .formatted(options.seed(), verdict.accepted(), verdict.recipients(), verdict.ends()));
    lines.add(
        "lost %d, second copies explained %d (in doubt %d of %d listed), unexplained %d; %d listed because their worker died"
            .formatted(
                verdict.count(Finding.Rule.LOST),
                verdict.explainedInAll(),
                verdict.explained().getOrDefault(0, 0),
                verdict.doubts(),
                verdict.count(Finding.Rule.UNEXPLAINED_DUPLICATE),
                verdict.suspects()));
    lines.add(
        "%.0f s: load %.0f s (%.0f messages/s), healing %.0f s; services that ended by themselves: %d"
            .formatted(
                seconds(times.whole()),
                seconds(times.load()),
                verdict.accepted() / seconds(times.load()),
                seconds(times.healing()),
                collapses));
    for (Finding.Rule rule : Finding.Rule.values()) {
      if (verdict.count(rule) > 0) {
        lines.add("BROKEN %s %d times: %s".formatted(rule, verdict.count(rule), rule.meaning()));
      }
    }
    verdict
        .findings()
        .forEach(finding -> lines.add("  " + finding.rule() + " " + finding.detail()));
    lines.add(holds() ? "everything holds" : "NOT everything holds");
    return lines;
  }

  static double seconds(Duration duration) {
    return Math.round(duration.toMillis() / 10.0) / 100.0;
  }
}
