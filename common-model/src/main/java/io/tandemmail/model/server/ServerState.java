package io.tandemmail.model.server;

/** What the cluster believes of a server. Only {@code UP}, {@code OVERLOADED} and {@code RECOVERING} receive mail. */
public enum ServerState {
  UP,
  /** In service, but part of its share is shed to the secondary. */
  OVERLOADED,
  DOWN,
  /** Back after DOWN: probes succeed and its share grows along the ramp. */
  RECOVERING,
  /** Taken out of service by an operator. */
  DRAINED;

  public boolean inService() {
    return this != DOWN && this != DRAINED;
  }
}
