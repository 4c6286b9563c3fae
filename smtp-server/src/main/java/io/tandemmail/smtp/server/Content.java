package io.tandemmail.smtp.server;

/** What became of content that a client sent. However it went, it was read to its true end. */
public sealed interface Content {
  /** @param bytes as they were before the client stuffed dots into them; the receiver's own */
  record Whole(byte[] bytes) implements Content {}

  /** More than the size; nothing was kept. */
  record TooLong() implements Content {}

  /** The {@link Room} was used up; nothing was kept. */
  record NoRoom() implements Content {}

  Content TOO_LONG = new TooLong();
  Content NO_ROOM = new NoRoom();
}
