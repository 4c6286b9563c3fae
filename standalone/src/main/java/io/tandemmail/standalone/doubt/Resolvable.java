package io.tandemmail.standalone.doubt;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether an operator's word on a message has anybody to be about: the recipients that are held, or why there are none. */
public sealed interface Resolvable {
  record Held(List<String> recipients) implements Resolvable {}

  /**
   * @param why a sentence for the operator
   */
  record Nobody(String why) implements Resolvable {}

  /**
   * @param message the answer to {@code GET /v1/messages/{id}}
   * @param named empty: everybody who is held
   */
  static Resolvable of(JsonNode message, Optional<String> named) {
    List<String> held = new ArrayList<>();
    boolean anyInDoubt = false;
    for (JsonNode recipient : message.path("recipients")) {
      String address = recipient.path("recipient").asText();
      if (named.isPresent() && named.get().equals(address)) {
        return one(message, recipient, address);
      }
      if (recipient.has("heldUntil")) {
        held.add(address);
      }
      anyInDoubt |= isInDoubt(message, recipient, address);
    }
    String id = message.path("id").asText();
    if (named.isPresent()) {
      return new Nobody(named.get() + " is no recipient of message " + id);
    }
    if (!held.isEmpty()) {
      return new Held(List.copyOf(held));
    }
    return new Nobody(
        anyInDoubt
            ? "message " + id + " was in doubt and is not held: it was resolved or is sent again"
            : "message " + id + " is not in doubt");
  }

  private static Resolvable one(JsonNode message, JsonNode recipient, String address) {
    String id = message.path("id").asText();
    if (recipient.has("heldUntil")) {
      return new Held(List.of(address));
    }
    return new Nobody(
        isInDoubt(message, recipient, address)
            ? address + " was in doubt and is not held; it is " + recipient.path("state").asText()
            : address + " is not in doubt for message " + id);
  }

  private static boolean isInDoubt(JsonNode message, JsonNode recipient, String address) {
    if (recipient.path("state").asText().equals("in-doubt")) {
      return true;
    }
    for (JsonNode event : message.path("events")) {
      if (event.path("type").asText().equals("in-doubt")
          && event.path("recipient").asText().equals(address)) {
        return true;
      }
    }
    return false;
  }
}
