package io.tandemmail.ingest;

import io.javalin.http.Context;
import io.tandemmail.runtime.lookup.MessageLookup;

/** {@code GET /v1/messages/{id}}: passes on what the routers answer. */
final class StatusHandler {
  private final MessageLookup messages;

  StatusHandler(MessageLookup messages) {
    this.messages = messages;
  }

  void get(Context ctx) throws InterruptedException {
    switch (messages.find(ctx.pathParam("id"))) {
      case MessageLookup.Found found -> ctx.contentType("application/json").result(found.json());
      case MessageLookup.Unknown unknown ->
          Problem.of(
                  404,
                  "Unknown message",
                  "no message with this id was accepted in the last 24 hours")
              .answer(ctx);
      case MessageLookup.NoRouter none ->
          Problem.later(503, "No router answers", "the message is safe; ask again", 2).answer(ctx);
    }
  }
}
