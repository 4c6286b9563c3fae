package io.tandemmail.standalone.whatif.report;

import com.fasterxml.jackson.core.JsonGenerator;
import io.tandemmail.model.json.Json;
import io.tandemmail.model.wire.Topics.Lane;
import io.tandemmail.standalone.whatif.Figures;
import io.tandemmail.standalone.whatif.Figures.LaneFigures;
import io.tandemmail.standalone.whatif.Figures.ServerFigures;
import io.tandemmail.standalone.whatif.Traffic.Delivered;
import io.tandemmail.standalone.whatif.report.Comparison.Replayed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** For machines: one object. Messages and seconds; shares and peaks in percent. */
public final class ComparisonJson {
  private ComparisonJson() {}

  public static String text(Comparison comparison) {
    return new String(
        Json.object(json -> {
          json.writeStringField("from", comparison.window().from().toString());
          json.writeStringField("to", comparison.window().to().toString());
          json.writeNumberField("messages", comparison.load().messages());
          json.writeNumberField("peakPerSecond", comparison.load().peakPerSecond());
          json.writeNumberField("furtherAttempts", comparison.load().furtherAttempts());
          replayed(json, "proposed", comparison.proposed());
          replayed(json, "running", comparison.running());
          json.writeArrayFieldStart("really");
          for (Map.Entry<Lane, Delivered> entry : comparison.really().entrySet()) {
            really(json, comparison, entry);
          }
          json.writeEndArray();
          json.writeArrayFieldStart("notes");
          for (String note : comparison.notes()) {
            json.writeString(note);
          }
          json.writeEndArray();
        }),
        StandardCharsets.UTF_8);
  }

  private static void replayed(JsonGenerator json, String name, Replayed replayed)
      throws IOException {
    Figures figures = replayed.figures();
    json.writeObjectFieldStart(name);
    json.writeStringField("file", replayed.name());
    json.writeStringField("configHash", replayed.hash());
    json.writeArrayFieldStart("lanes");
    for (LaneFigures lane : figures.lanes()) {
      lane(json, lane);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("servers");
    for (ServerFigures server : figures.servers()) {
      server(json, server);
    }
    json.writeEndArray();
    amounts(json, "refused", figures.refused());
    amounts(json, "withoutServer", figures.withoutServer());
    json.writeEndObject();
  }

  private static void lane(JsonGenerator json, LaneFigures lane) throws IOException {
    json.writeStartObject();
    json.writeStringField("route", lane.route());
    json.writeStringField("server", lane.server());
    json.writeStringField("role", lane.role());
    json.writeNumberField("placed", lane.placed());
    json.writeNumberField("movedIn", lane.movedIn());
    json.writeNumberField("movedOut", lane.movedOut());
    json.writeNumberField("delivered", lane.delivered());
    json.writeNumberField("sharePercent", tenths(lane.sharePercent()));
    json.writeNumberField("waiting", lane.waiting());
    json.writeEndObject();
  }

  private static void server(JsonGenerator json, ServerFigures server) throws IOException {
    json.writeStartObject();
    json.writeStringField("id", server.server());
    json.writeStringField("cap", server.cap().name());
    json.writeNumberField("capPerSecond", server.cap().perSecond());
    json.writeBooleanField("capHit", server.capHit());
    json.writeNumberField("capSeconds", server.capSeconds());
    time(json, "capFirstAt", server.capFirstAt());
    json.writeNumberField("peakPerSecond", server.peakPerSecond());
    json.writeNumberField("peakPercentOfCap", tenths(server.peakPercentOfCap()));
    json.writeNumberField("largestBacklog", server.largestBacklog());
    time(json, "largestAt", server.largestAt());
    time(json, "drainedAt", server.drainedAt());
    json.writeNumberField("longestWaitSeconds", server.longestWaitSeconds());
    json.writeNumberField("delayed", server.delayed());
    json.writeEndObject();
  }

  private static void really(
      JsonGenerator json, Comparison comparison, Map.Entry<Lane, Delivered> entry)
      throws IOException {
    Lane lane = entry.getKey();
    json.writeStartObject();
    json.writeStringField("route", lane.route());
    json.writeStringField("server", lane.server());
    json.writeNumberField("delivered", entry.getValue().messages());
    json.writeNumberField("sharePercent", tenths(comparison.reallySharePercent(lane)));
    json.writeNumberField(
        "longestWaitSeconds", tenths(entry.getValue().longestWait().toMillis() / 1000.0));
    json.writeEndObject();
  }

  private static void amounts(JsonGenerator json, String name, Map<String, Long> byRoute)
      throws IOException {
    json.writeObjectFieldStart(name);
    for (Map.Entry<String, Long> entry : byRoute.entrySet()) {
      json.writeNumberField(entry.getKey(), entry.getValue());
    }
    json.writeEndObject();
  }

  private static void time(JsonGenerator json, String name, Optional<Instant> at)
      throws IOException {
    if (at.isPresent()) {
      json.writeStringField(name, at.get().toString());
    } else {
      json.writeNullField(name);
    }
  }

  private static double tenths(double value) {
    return Math.round(value * 10) / 10.0;
  }
}
