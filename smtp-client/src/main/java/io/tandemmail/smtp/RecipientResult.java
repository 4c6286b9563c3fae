package io.tandemmail.smtp;

/** What is known about one recipient after a transaction, unjudged. */
public sealed interface RecipientResult {
  String recipient();

  /** The reply that settled it; 2yz only at {@link Phase#FINAL_DOT}. */
  record Answered(String recipient, Phase phase, Reply reply) implements RecipientResult {}

  /** No reply, and the message was not handed over: sending again makes no second copy. */
  record Faulted(String recipient, Fault fault) implements RecipientResult {}

  /** The final dot may have reached the server and no reply was read (RFC 1047). */
  record InDoubt(String recipient, Fault fault) implements RecipientResult {}
}
