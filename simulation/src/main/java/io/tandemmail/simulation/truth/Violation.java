package io.tandemmail.simulation.truth;

/** An invariant that does not hold: its name as in ARCHITECTURE.md, and what was seen. */
public final class Violation extends RuntimeException {
  private final String invariant;

  public Violation(String invariant, String seen) {
    super(invariant + ": " + seen);
    this.invariant = invariant;
  }

  public String invariant() {
    return invariant;
  }
}
