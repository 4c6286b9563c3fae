package io.tandemmail.torture.check;

import java.time.Instant;

/**
 * A worker that cannot be sure of its lanes must not send.
 *
 * @param fault number of the fault
 * @param client the worker, as it names itself in EHLO
 */
public record Silence(int fault, String client, Instant from, Instant to) {
  boolean isBrokenBy(Copy copy) {
    return copy.client().equals(client) && copy.at().isAfter(from) && copy.at().isBefore(to);
  }
}
