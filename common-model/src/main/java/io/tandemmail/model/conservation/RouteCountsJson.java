package io.tandemmail.model.conservation;

import com.fasterxml.jackson.databind.JsonNode;
import io.tandemmail.model.json.Json;
import java.util.Optional;

/** JSON of {@code mail.route-counts}. */
public final class RouteCountsJson {
  private RouteCountsJson() {}

  public static byte[] write(RouteCounts counts) {
    return Json.object(json -> {
      json.writeStringField("route", counts.route());
      json.writeNumberField("partition", counts.partition());
      json.writeNumberField("accepted", counts.accepted());
      json.writeNumberField("delivered", counts.delivered());
      json.writeNumberField("failed", counts.failed());
      json.writeNumberField("scheduled", counts.scheduled());
      json.writeStringField("at", counts.at().toString());
    });
  }

  /** Empty for whatever is not a count. */
  public static Optional<RouteCounts> read(byte[] bytes) {
    return Json.tree(bytes).flatMap(RouteCountsJson::counts);
  }

  private static Optional<RouteCounts> counts(JsonNode node) {
    return Json.text(node, "route")
        .flatMap(route ->
            Json.instant(node, "at")
                .map(at ->
                    new RouteCounts(
                        route,
                        node.path("partition").asInt(),
                        node.path("accepted").asLong(),
                        node.path("delivered").asLong(),
                        node.path("failed").asLong(),
                        node.path("scheduled").asLong(),
                        at)));
  }
}
