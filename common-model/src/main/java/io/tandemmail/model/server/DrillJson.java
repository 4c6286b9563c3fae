package io.tandemmail.model.server;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import io.tandemmail.model.json.Json;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

/** JSON of drills in orders and in a server's health. Reading is total: what is no drill is nothing. */
public final class DrillJson {
  private DrillJson() {}

  public static byte[] write(DrillOrder order) {
    return Json.object(json -> {
      json.writeStringField("id", order.server());
      switch (order) {
        case DrillOrder.Begin begin -> {
          writeField(json, begin.drill());
          json.writeStringField("why", begin.why());
        }
        case DrillOrder.End end -> json.writeStringField("endDrill", end.drillId());
      }
      json.writeStringField("by", order.by());
      json.writeStringField("at", order.at().toString());
    });
  }

  public static Optional<DrillOrder> readOrder(byte[] bytes) {
    return Json.tree(bytes).flatMap(DrillJson::order);
  }

  /** As the field {@code drill} of the object that is being written. */
  public static void writeField(JsonGenerator json, Drill drill) throws IOException {
    json.writeObjectFieldStart("drill");
    json.writeStringField("id", drill.id());
    json.writeStringField("route", drill.route());
    json.writeStringField("kind", drill.kind().wireName());
    json.writeNumberField("canaryPercent", drill.canaryPercent());
    json.writeStringField("from", drill.from().toString());
    json.writeStringField("until", drill.until().toString());
    json.writeEndObject();
  }

  /** The field {@code drill} of an object. */
  public static Optional<Drill> readField(JsonNode parent) {
    JsonNode node = parent.path("drill");
    Optional<String> id = Json.text(node, "id");
    Optional<String> route = Json.text(node, "route");
    Optional<Drill.Kind> kind = Json.text(node, "kind").flatMap(Drill.Kind::ofWireName);
    Optional<Instant> from = Json.instant(node, "from");
    Optional<Instant> until = Json.instant(node, "until");
    if (id.isEmpty() || route.isEmpty() || kind.isEmpty() || from.isEmpty() || until.isEmpty()) {
      return Optional.empty();
    }
    try {
      int canary = node.path("canaryPercent").asInt(Drill.WHOLE_ROUTE);
      return Optional.of(
          new Drill(id.get(), route.get(), kind.get(), canary, from.get(), until.get()));
    } catch (IllegalArgumentException impossible) {
      return Optional.empty();
    }
  }

  private static Optional<DrillOrder> order(JsonNode node) {
    Optional<String> server = Json.text(node, "id");
    Optional<Instant> at = Json.instant(node, "at");
    if (server.isEmpty() || at.isEmpty()) {
      return Optional.empty();
    }
    String by = node.path("by").asText("unknown");
    Optional<DrillOrder> end =
        Json.text(node, "endDrill").map(id -> new DrillOrder.End(server.get(), id, by, at.get()));
    return end.or(() ->
        readField(node)
            .map(drill ->
                new DrillOrder.Begin(
                    server.get(), drill, by, node.path("why").asText(), at.get())));
  }
}
