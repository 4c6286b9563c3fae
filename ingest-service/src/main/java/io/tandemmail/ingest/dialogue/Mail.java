package io.tandemmail.ingest.dialogue;

import java.util.List;

/** A mail transaction that has come to its end. */
public sealed interface Mail {
  byte[] content();

  /** @param reversePath empty for the null reverse-path */
  record Submission(String reversePath, List<String> recipients, byte[] content) implements Mail {
    public Submission {
      recipients = List.copyOf(recipients);
    }
  }

  /** For the bounce mailbox. */
  record Report(String sentTo, byte[] content) implements Mail {}
}
