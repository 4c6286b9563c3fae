package io.tandemmail.model.submission;

import java.util.List;

/**
 * RFC 5321 envelope. Addresses are checked before they get here: no CR, LF, spaces or angle brackets.
 *
 * @param reversePath the bare address, empty for the null reverse-path
 * @param forwardPaths at least one bare address, no two alike
 */
public record Envelope(String reversePath, List<String> forwardPaths) {
  public Envelope {
    forwardPaths = List.copyOf(forwardPaths);
    if (forwardPaths.isEmpty()) {
      throw new IllegalArgumentException("an envelope needs a recipient");
    }
  }

  public Envelope withForwardPaths(List<String> remaining) {
    return new Envelope(reversePath, remaining);
  }
}
