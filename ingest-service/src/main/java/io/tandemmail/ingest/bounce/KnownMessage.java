package io.tandemmail.ingest.bounce;

import com.fasterxml.jackson.databind.JsonNode;
import io.tandemmail.model.json.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What is known of the message that a report is about.
 *
 * @param recipients none for a message that the routers have forgotten
 * @param events type and recipient of what was recorded already
 */
public record KnownMessage(
    String id,
    String route,
    int attempts,
    Instant submittedAt,
    List<String> recipients,
    Optional<String> metadata,
    Set<String> events) {

  public KnownMessage {
    recipients = List.copyOf(recipients);
    events = Set.copyOf(events);
  }

  /** From the answer to {@code GET /v1/messages/{id}}. */
  public static Optional<KnownMessage> read(byte[] json) {
    return Json.tree(json).map(KnownMessage::of);
  }

  /** A message of which nobody knows more than the caller: older than the routers remember. */
  public static KnownMessage forgotten(String id, String route, Instant at) {
    return new KnownMessage(id, route, 0, at, List.of(), Optional.empty(), Set.of());
  }

  static String event(String type, String recipient) {
    return type + " " + recipient;
  }

  private static KnownMessage of(JsonNode message) {
    List<String> recipients = new ArrayList<>();
    message
        .path("recipients")
        .forEach(recipient -> recipients.add(recipient.path("recipient").asText()));
    Set<String> events = new HashSet<>();
    Optional<String> metadata = Optional.empty();
    for (JsonNode event : message.path("events")) {
      events.add(event(event.path("type").asText(), event.path("recipient").asText()));
      if (event.path("metadata").isObject()) {
        metadata = Optional.of(event.path("metadata").toString());
      }
    }
    return new KnownMessage(
        message.path("id").asText(),
        message.path("route").asText(),
        message.path("attempts").asInt(),
        Json.instant(message, "submittedAt").orElse(Instant.EPOCH),
        recipients,
        metadata,
        events);
  }
}
