package io.tandemmail.console.web;

import io.javalin.http.Context;
import io.tandemmail.runtime.lookup.MessageLookup;
import java.util.function.BooleanSupplier;

/**
 * {@code GET /v1/messages/{id}}: what the routers know of a message. Where the ingest service wants a key for this, a console
 * that others can reach does not tell it without.
 */
public final class MessageSearch {
  private final MessageLookup messages;
  private final BooleanSupplier open;

  /**
   * @param open whether who reaches the console may see recipients
   */
  public MessageSearch(MessageLookup messages, BooleanSupplier open) {
    this.messages = messages;
    this.open = open;
  }

  void get(Context ctx) throws InterruptedException {
    if (!open.getAsBoolean()) {
      ctx.status(403)
          .result(
              "API keys are configured and the console is reachable from outside; ask the ingest service, with a key\n");
      return;
    }
    switch (messages.find(ctx.pathParam("id"))) {
      case MessageLookup.Found found -> ctx.contentType("application/json").result(found.json());
      case MessageLookup.Unknown unknown ->
          ctx.status(404).result("no message with this id was accepted in the last 24 hours\n");
      case MessageLookup.NoRouter none ->
          ctx.status(503)
              .header("Retry-After", "2")
              .result("no router answers; the message is safe, ask again\n");
    }
  }
}
