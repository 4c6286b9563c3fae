package io.tandemmail.router.query;

import io.tandemmail.model.json.Json;
import io.tandemmail.model.outcome.OutcomeType;
import io.tandemmail.router.life.MessageState;
import io.tandemmail.router.life.MessageState.RecipientState;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The answer to {@code GET /v1/messages/{id}} (docs/contract.md, "HTTP (ingest)"). */
final class MessageJson {
  private MessageJson() {}

  static byte[] write(String id, MessageState state, List<byte[]> events) {
    return Json.object(json -> {
      json.writeStringField("id", id);
      json.writeStringField("route", state.route());
      json.writeStringField("state", summary(state));
      json.writeStringField("submittedAt", state.submittedAt().toString());
      json.writeNumberField("attempts", Math.max(0, state.attempt()));
      if (!state.ended()) {
        json.writeStringField("waitingIn", place(state.place()));
      }
      json.writeArrayFieldStart("recipients");
      for (RecipientState recipient : state.recipients()) {
        json.writeStartObject();
        json.writeStringField("recipient", recipient.address());
        json.writeStringField("state", recipientState(recipient.last()));
        if (recipient.heldUntil().isPresent()) {
          json.writeStringField("heldUntil", recipient.heldUntil().get().toString());
        }
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeArrayFieldStart("events");
      for (byte[] event : events) {
        json.writeRawValue(new String(event, StandardCharsets.UTF_8));
      }
      json.writeEndArray();
    });
  }

  /** One word: waiting until all recipients have ended, then what they have in common, or mixed. */
  static String summary(MessageState state) {
    if (!state.ended()) {
      return "waiting";
    }
    List<OutcomeType> ends =
        state.recipients().stream().map(RecipientState::last).distinct().toList();
    return ends.size() == 1 ? ends.getFirst().wireName() : "mixed";
  }

  private static String recipientState(OutcomeType last) {
    return last == OutcomeType.ACCEPTED ? "waiting" : last.wireName();
  }

  private static String place(MessageState.Place place) {
    return switch (place) {
      case MessageState.Place.Lane lane -> "lane of " + lane.server();
      case MessageState.Place.Scheduled scheduled -> "schedule until " + scheduled.due();
      case MessageState.Place.Ending ending -> "router";
    };
  }
}
