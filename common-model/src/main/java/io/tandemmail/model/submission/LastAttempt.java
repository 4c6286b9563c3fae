package io.tandemmail.model.submission;

import java.util.List;
import java.util.Optional;

/**
 * What the last attempt says about the next one.
 *
 * @param avoid the server whose fault it was
 * @param doubt who may have the message already
 */
public record LastAttempt(Optional<String> avoid, Optional<Doubt> doubt) {
  public static final LastAttempt NONE = new LastAttempt(Optional.empty(), Optional.empty());

  /** Nobody is in doubt. */
  public static LastAttempt avoiding(Optional<String> server) {
    return new LastAttempt(server, Optional.empty());
  }

  /**
   * The final dot was sent and its reply never read (RFC 1047).
   *
   * @param server that may have taken the message
   * @param recipients to whom it may have been delivered
   */
  public record Doubt(String server, List<String> recipients) {
    public Doubt {
      recipients = List.copyOf(recipients);
    }
  }
}
