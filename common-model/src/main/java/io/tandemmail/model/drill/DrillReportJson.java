package io.tandemmail.model.drill;

import com.fasterxml.jackson.core.JsonGenerator;
import io.tandemmail.model.json.Json;
import java.io.IOException;
import java.time.Duration;
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
