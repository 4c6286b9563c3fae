package io.tandemmail.console.web;

import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.http.Context;
import io.tandemmail.model.json.Json;
import io.tandemmail.model.server.ServerCommand;
import io.tandemmail.model.server.ServerJson;
import io.tandemmail.model.server.ServerMode;
import io.tandemmail.runtime.time.SteadyClock;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** {@code PUT /v1/servers/{id}/mode}: the one order operators may give. */
public final class ServerOrders {
  private static final int BY_CHARS_MAX = 100;
  private static final int WHY_CHARS_MAX = 500;

  private final Supplier<Set<String>> servers;
  private final OrderLog log;

  /**
   * @param servers the ids of the configured servers
   */
  public ServerOrders(Supplier<Set<String>> servers, OrderLog log) {
    this.servers = servers;
    this.log = log;
  }

  void put(Context ctx) throws InterruptedException {
    String server = ctx.pathParam("id");
    Set<String> known = servers.get();
    if (!known.contains(server)) {
      ctx.status(404).result("unknown server; known: " + String.join(", ", known) + "\n");
      return;
    }
    JsonNode body = Json.tree(ctx.bodyAsBytes()).orElse(null);
    Optional<ServerMode> mode = body == null ? Optional.empty() : mode(body.path("mode").asText());
    if (body == null || mode.isEmpty()) {
      ctx.status(400).result("mode is missing or unknown; send {\"mode\":\"auto|drained|down\"}\n");
      return;
    }
    String by = body.path("by").asText("console");
    String why = body.path("why").asText();
    if (by.length() > BY_CHARS_MAX || why.length() > WHY_CHARS_MAX) {
      ctx.status(400)
          .result(
              "by or why is too long; at most %d and %d characters\n"
                  .formatted(BY_CHARS_MAX, WHY_CHARS_MAX));
      return;
    }
    ServerCommand order =
        new ServerCommand(
            server,
            mode.get(),
            OperatorText.printable(by),
            OperatorText.printable(why),
            SteadyClock.now());
    if (log.append(order)) {
      ctx.contentType("application/json").result(ServerJson.write(order));
    } else {
      ctx.status(503)
          .header("Retry-After", "2")
          .result("Kafka did not take the order in time; give it again\n");
    }
  }

  private static Optional<ServerMode> mode(String name) {
    for (ServerMode mode : ServerMode.values()) {
      if (mode.wireName().equals(name.toLowerCase(Locale.ROOT))) {
        return Optional.of(mode);
      }
    }
    return Optional.empty();
  }
}
