package io.tandemmail.model.server;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import io.tandemmail.model.json.Json;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** JSON of drift: in the health of a server and in the reports that bring it there. Reading is total, as in {@link ServerJson}. */
public final class DriftJson {
  static final String PARITY = "parity";

  private DriftJson() {}

  public static byte[] write(ParityReport report) {
    return Json.object(json -> {
      json.writeStringField("id", report.server());
      json.writeStringField("reporter", report.reporter());
      json.writeStringField("at", report.at().toString());
      json.writeStringField("kind", PARITY);
      json.writeStringField("route", report.route());
      writeArray(json, report.drifts());
    });
  }

  /** Nothing for whatever else stands on the topic. */
  public static Optional<ParityReport> readReport(byte[] bytes) {
    return Json.tree(bytes)
        .filter(node -> node.path("kind").asText().equals(PARITY))
        .flatMap(DriftJson::report);
  }

  /** As a field of the object that is being written. */
  public static void writeArray(JsonGenerator json, List<Drift> drifts) throws IOException {
    json.writeArrayFieldStart("drift");
    for (Drift drift : drifts) {
      json.writeStartObject();
      json.writeStringField("route", drift.route());
      json.writeStringField("subject", drift.subject());
      json.writeStringField("grade", drift.grade().name().toLowerCase(Locale.ROOT));
      json.writeStringField("what", drift.what());
      json.writeStringField("remedy", drift.remedy());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  /** Entries that cannot be read are left out. */
  static List<Drift> readArray(JsonNode object) {
    List<Drift> drifts = new ArrayList<>();
    for (JsonNode entry : object.path("drift")) {
      Optional<String> route = Json.text(entry, "route");
      Optional<String> subject = Json.text(entry, "subject");
      if (route.isPresent() && subject.isPresent()) {
        Drift.Grade grade =
            entry.path("grade").asText().equals("advice")
                ? Drift.Grade.ADVICE
                : Drift.Grade.PROBLEM;
        drifts.add(
            new Drift(
                route.get(),
                subject.get(),
                grade,
                entry.path("what").asText(),
                entry.path("remedy").asText()));
      }
    }
    return drifts;
  }

  private static Optional<ParityReport> report(JsonNode node) {
    Optional<String> id = Json.text(node, "id");
    Optional<String> route = Json.text(node, "route");
    Optional<Instant> at = Json.instant(node, "at");
    if (id.isEmpty() || route.isEmpty() || at.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new ParityReport(
            id.get(),
            route.get(),
            node.path("reporter").asText("unknown"),
            at.get(),
            readArray(node)));
  }
}
