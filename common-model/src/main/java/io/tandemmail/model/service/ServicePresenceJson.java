package io.tandemmail.model.service;

import com.fasterxml.jackson.databind.JsonNode;
import io.tandemmail.model.json.Json;
import java.util.Optional;

/** JSON of {@code mail.services}. */
public final class ServicePresenceJson {
  private ServicePresenceJson() {}

  public static byte[] write(ServicePresence presence) {
    return Json.object(json -> {
      json.writeStringField("instance", presence.instance());
      json.writeStringField("kind", presence.kind());
      json.writeStringField("url", presence.url());
      json.writeStringField("configHash", presence.configHash());
      json.writeStringField("version", presence.version());
      json.writeStringField("at", presence.at().toString());
    });
  }

  /** Empty for whatever is not a presence. */
  public static Optional<ServicePresence> read(byte[] bytes) {
    return Json.tree(bytes).flatMap(ServicePresenceJson::presence);
  }

  private static Optional<ServicePresence> presence(JsonNode node) {
    return Json.text(node, "instance")
        .flatMap(instance ->
            Json.instant(node, "at")
                .map(at ->
                    new ServicePresence(
                        instance,
                        node.path("kind").asText(),
                        node.path("url").asText(),
                        node.path("configHash").asText(),
                        node.path("version").asText(),
                        at)));
  }
}
