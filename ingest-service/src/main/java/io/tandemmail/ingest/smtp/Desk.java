package io.tandemmail.ingest.smtp;

import io.tandemmail.ingest.dialogue.Mail;
import io.tandemmail.ingest.dialogue.Reply;

/** Where mail is handed in. Answers when it is durable, or why it is not. */
@FunctionalInterface
public interface Desk {
  Reply take(Mail mail) throws InterruptedException;
}
