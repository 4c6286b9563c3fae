package io.tandemmail.runtime.lookup;

/** What the routers know of a message. */
public interface MessageLookup {
  Answer find(String id) throws InterruptedException;

  /** The answer. */
  sealed interface Answer {}

  /** @param json as {@code GET /v1/messages/{id}} has it */
  record Found(byte[] json) implements Answer {}

  /** None was accepted in the last 24 hours. */
  record Unknown() implements Answer {}

  /** No router answers; ask again. */
  record NoRouter() implements Answer {}
}
