package io.tandemmail.model.server;

import com.fasterxml.jackson.databind.JsonNode;
import io.tandemmail.model.json.Json;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * JSON of the {@code mail.server-*} topics. Reading is total: whatever stands on a topic gives a value or nothing, because
 * one unreadable record must not blind the cluster to all servers.
 */
public final class ServerJson {
  private ServerJson() {}

  public static byte[] write(ServerHealth health) {
    return Json.object(json -> {
      json.writeStringField("id", health.server());
      json.writeStringField("state", health.state().name());
      json.writeNumberField("share", health.share());
      json.writeNumberField("epoch", health.epoch());
      json.writeStringField("since", health.since().toString());
      json.writeStringField("evidence", health.evidence());
      json.writeStringField("mode", health.mode().wireName());
      if (!health.drift().isEmpty()) {
        DriftJson.writeArray(json, health.drift());
      }
      if (health.drill().isPresent()) {
        DrillJson.writeField(json, health.drill().get());
      }
      if (health.slow()) {
        json.writeBooleanField("slow", true);
      }
    });
  }

  public static Optional<ServerHealth> readHealth(byte[] bytes) {
    return Json.tree(bytes).flatMap(ServerJson::health);
  }

  public static byte[] write(ServerObservation seen) {
    return Json.object(json -> {
      json.writeStringField("id", seen.server());
      json.writeStringField("reporter", seen.reporter());
      json.writeStringField("at", seen.at().toString());
      json.writeStringField("kind", seen.kind().name().toLowerCase(Locale.ROOT));
      json.writeNumberField("succeeded", seen.succeeded());
      json.writeNumberField("failed", seen.failed());
      json.writeNumberField("failedInARow", seen.failedInARow());
      json.writeStringField("evidence", seen.evidence());
      if (seen.load().isPresent()) {
        ServerObservation.Load load = seen.load().get();
        json.writeNumberField("backlog", load.backlog());
        json.writeNumberField("ratePerSecond", load.ratePerSecond());
        json.writeNumberField("latencyMillis", load.latencyMillis());
      }
    });
  }

  public static Optional<ServerObservation> readObservation(byte[] bytes) {
    return Json.tree(bytes)
        .filter(node -> !node.path("kind").asText().equals(DriftJson.PARITY))
        .flatMap(ServerJson::observation);
  }

  public static byte[] write(ServerCommand command) {
    return Json.object(json -> {
      json.writeStringField("id", command.server());
      json.writeStringField("mode", command.mode().wireName());
      json.writeStringField("by", command.by());
      json.writeStringField("why", command.why());
      json.writeStringField("at", command.at().toString());
    });
  }

  public static Optional<ServerCommand> readCommand(byte[] bytes) {
    return Json.tree(bytes).flatMap(ServerJson::command);
  }

  private static Optional<ServerHealth> health(JsonNode node) {
    Optional<String> id = Json.text(node, "id");
    Optional<ServerState> state = constant(ServerState.class, node, "state");
    Optional<ServerMode> mode = constant(ServerMode.class, node, "mode");
    Optional<Instant> since = Json.instant(node, "since");
    int share = node.path("share").asInt(-1);
    if (id.isEmpty() || state.isEmpty() || since.isEmpty() || share < 0 || share > 100) {
      return Optional.empty();
    }
    return Optional.of(
        new ServerHealth(
            id.get(),
            state.get(),
            share,
            node.path("epoch").asLong(),
            since.get(),
            node.path("evidence").asText(),
            mode.orElse(ServerMode.AUTO),
            DriftJson.readArray(node),
            DrillJson.readField(node),
            node.path("slow").asBoolean()));
  }

  private static Optional<ServerObservation> observation(JsonNode node) {
    Optional<String> id = Json.text(node, "id");
    Optional<String> reporter = Json.text(node, "reporter");
    Optional<Instant> at = Json.instant(node, "at");
    if (id.isEmpty() || reporter.isEmpty() || at.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new ServerObservation(
            id.get(),
            reporter.get(),
            at.get(),
            constant(ServerObservation.Kind.class, node, "kind")
                .orElse(ServerObservation.Kind.PASSIVE),
            Math.max(0, node.path("succeeded").asInt()),
            Math.max(0, node.path("failed").asInt()),
            Math.max(0, node.path("failedInARow").asInt()),
            node.path("evidence").asText(),
            load(node)));
  }

  private static Optional<ServerObservation.Load> load(JsonNode node) {
    return node.has("backlog")
        ? Optional.of(
            new ServerObservation.Load(
                Math.max(0, node.path("backlog").asLong()),
                notNegative(node.path("ratePerSecond").asDouble()),
                notNegative(node.path("latencyMillis").asDouble())))
        : Optional.empty();
  }

  /** Nor NaN, nor so large that sums of it overflow. */
  private static double notNegative(double read) {
    return read > 0 ? Math.min(read, 1e12) : 0;
  }

  private static Optional<ServerCommand> command(JsonNode node) {
    Optional<String> id = Json.text(node, "id");
    Optional<ServerMode> mode = constant(ServerMode.class, node, "mode");
    Optional<Instant> at = Json.instant(node, "at");
    if (id.isEmpty() || mode.isEmpty() || at.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new ServerCommand(
            id.get(),
            mode.get(),
            node.path("by").asText("unknown"),
            node.path("why").asText(),
            at.get()));
  }

  private static <E extends Enum<E>> Optional<E> constant(
      Class<E> type, JsonNode node, String field) {
    String name = node.path(field).asText().toUpperCase(Locale.ROOT);
    for (E constant : type.getEnumConstants()) {
      if (constant.name().equals(name)) {
        return Optional.of(constant);
      }
    }
    return Optional.empty();
  }
}
