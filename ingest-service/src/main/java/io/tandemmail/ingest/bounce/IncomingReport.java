package io.tandemmail.ingest.bounce;

import io.tandemmail.model.outcome.Outcome.SmtpReply;
import java.util.List;
import java.util.Optional;

/** What a report says, in our words. */
public sealed interface IncomingReport {
  /** Recipients that were given up. */
  record Failures(List<Failed> failed, Clues clues) implements IncomingReport {
    public Failures {
      failed = List.copyOf(failed);
    }
  }

  /**
   * @param type {@code abuse}, {@code fraud}, … (RFC 5965 section 7.3)
   * @param recipients often none: many reporters take them out
   */
  record Complaint(String type, List<String> recipients, Clues clues) implements IncomingReport {
    public Complaint {
      recipients = List.copyOf(recipients);
    }
  }

  /** A report of delay, relaying or success, or that something is no spam. */
  record NothingBad(String what) implements IncomingReport {}

  /**
   * One recipient.
   *
   * @param named as it was sent to, and as the reporting server knew it after any forwarding; in this order
   */
  record Failed(List<String> named, SmtpReply reply) {
    public Failed {
      named = List.copyOf(named);
    }
  }

  /**
   * By which the message may be found.
   *
   * @param reversePaths addresses that may be the message's reverse-path: where the report was sent
   */
  record Clues(Optional<String> envelopeId, Optional<String> messageId, List<String> reversePaths) {
    public Clues {
      reversePaths = List.copyOf(reversePaths);
    }
  }
}
