package io.tandemmail.model.drill;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import io.tandemmail.model.json.Json;
import io.tandemmail.model.server.Drill;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** JSON of {@code mail.drills} (docs/drills.md). Durations are milliseconds; absent ones null. */
public final class DrillReportJson {
  private DrillReportJson() {}

  public static byte[] write(DrillReport report) {
    return Json.object(json -> {
      DrillPlan plan = report.plan();
      json.writeStringField("id", plan.id());
      json.writeStringField("route", plan.route());
      json.writeStringField("kind", plan.kind().wireName());
      json.writeNumberField("canaryPercent", plan.canaryPercent());
      json.writeStringField("primary", plan.primary());
      Json.writeTexts(json, "secondaries", plan.secondaries());
      json.writeStringField("by", report.origin().by());
      json.writeStringField("why", report.origin().why());
      json.writeStringField("startedAt", report.startedAt().toString());
      json.writeStringField("endedAt", report.endedAt().toString());
      json.writeBooleanField("passed", report.passed());
      Json.writeTexts(json, "problems", report.problems());
      Json.writeTexts(json, "missed", report.missed());
      if (report.figures().isPresent()) {
        figures(json, report.figures().get());
      }
    });
  }

  /** Empty for what is no report, or one of a kind that is not known here. */
  public static Optional<DrillReport> read(JsonNode report) {
    Optional<Drill.Kind> kind = Drill.Kind.ofWireName(report.path("kind").asText());
    Optional<Instant> startedAt = Json.instant(report, "startedAt");
    Optional<Instant> endedAt = Json.instant(report, "endedAt");
    if (kind.isEmpty() || startedAt.isEmpty() || endedAt.isEmpty()) {
      return Optional.empty();
    }
    try {
      // How long it was to hold is not kept: what came of it is measured.
      DrillPlan plan =
          new DrillPlan(
              report.path("id").asText(),
              report.path("route").asText(),
              report.path("primary").asText(),
              texts(report.path("secondaries")),
              kind.get(),
              report.path("canaryPercent").asInt(),
              Duration.ZERO);
      return Optional.of(
          new DrillReport(
              plan,
              new DrillReport.Origin(report.path("by").asText(), report.path("why").asText()),
              startedAt.get(),
              endedAt.get(),
              texts(report.path("problems")),
              Optional.of(report.path("figures"))
                  .filter(JsonNode::isObject)
                  .map(DrillReportJson::figures),
              texts(report.path("missed"))));
    } catch (IllegalArgumentException impossible) {
      return Optional.empty();
    }
  }

  private static DrillFigures figures(JsonNode figures) {
    Map<String, Long> deliveredBy = new HashMap<>();
    figures
        .path("deliveredBy")
        .properties()
        .forEach(server -> deliveredBy.put(server.getKey(), server.getValue().asLong()));
    return new DrillFigures(
        millis(figures, "detectionMillis"),
        figures.path("evidence").asText(),
        millis(figures, "firstBySecondaryMillis"),
        millis(figures, "firstWaitingMillis"),
        millis(figures, "restoredMillis"),
        millis(figures, "firstByPrimaryAgainMillis"),
        figures.path("accepted").asLong(),
        deliveredBy,
        figures.path("moved").asInt(),
        figures.path("leastShare").asInt(),
        figures.path("unfinished").asInt(),
        figures.path("duplicates").asInt(),
        figures.path("inDoubt").asInt());
  }

  private static Optional<Duration> millis(JsonNode figures, String name) {
    JsonNode millis = figures.path(name);
    return millis.isNumber() ? Optional.of(Duration.ofMillis(millis.asLong())) : Optional.empty();
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(text -> texts.add(text.asText()));
    return texts;
  }

  private static void figures(JsonGenerator json, DrillFigures figures) throws IOException {
    json.writeObjectFieldStart("figures");
    millis(json, "detectionMillis", figures.detection());
    json.writeStringField("evidence", figures.evidence());
    millis(json, "firstBySecondaryMillis", figures.firstBySecondary());
    millis(json, "firstWaitingMillis", figures.firstWaiting());
    millis(json, "restoredMillis", figures.restored());
    millis(json, "firstByPrimaryAgainMillis", figures.firstByPrimaryAgain());
    json.writeNumberField("accepted", figures.accepted());
    json.writeObjectFieldStart("deliveredBy");
    for (Map.Entry<String, Long> server : new TreeMap<>(figures.deliveredBy()).entrySet()) {
      json.writeNumberField(server.getKey(), server.getValue());
    }
    json.writeEndObject();
    json.writeNumberField("moved", figures.moved());
    json.writeNumberField("leastShare", figures.leastShare());
    json.writeNumberField("unfinished", figures.unfinished());
    json.writeNumberField("duplicates", figures.duplicates());
    json.writeNumberField("inDoubt", figures.inDoubt());
    json.writeEndObject();
  }

  private static void millis(JsonGenerator json, String name, Optional<Duration> time)
      throws IOException {
    json.writeFieldName(name);
    if (time.isPresent()) {
      json.writeNumber(time.get().toMillis());
    } else {
      json.writeNull();
    }
  }
}
