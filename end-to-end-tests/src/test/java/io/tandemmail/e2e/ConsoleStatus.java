package io.tandemmail.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.tandemmail.model.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** What a console says of the servers. */
final class ConsoleStatus {
  private ConsoleStatus() {}

  /** As it is now; a missing node for one that the console does not know. */
  static JsonNode server(String console, String id) throws IOException, InterruptedException {
    byte[] answer = Submissions.get(console + "/v1/status").body().getBytes(StandardCharsets.UTF_8);
    return server(Json.tree(answer).orElseThrow(), id);
  }

  static JsonNode server(JsonNode status, String id) {
    for (JsonNode server : status.path("servers")) {
      if (server.path("id").asText().equals(id)) {
        return server;
      }
    }
    return MissingNode.getInstance();
  }
}
