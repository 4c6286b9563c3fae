package io.tandemmail.torture.check;

import java.time.Instant;

/**
 * A worker died, stopped or was cut off: what it had sent and not yet recorded may come again.
 *
 * @param fault number of the fault
 * @param client the worker, as it names itself in EHLO
 * @param from the earliest time at which a copy that could not be recorded was taken
 * @param to the latest
 * @param copiesMax the worker's {@code max-unrecorded}
 */
public record Excuse(int fault, String client, Instant from, Instant to, int copiesMax) {
  boolean covers(Copy copy) {
    return copy.client().equals(client) && isAround(copy.at());
  }

  boolean isAround(Instant at) {
    return !at.isBefore(from) && !at.isAfter(to);
  }
}
