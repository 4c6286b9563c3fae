package io.tandemmail.simulation.truth;

/** Counts for the report of a run. */
public final class Tally {
  int admitted;
  int finals;
  int copies;
  int duplicates;
  int halfReturned;

  public int admitted() {
    return admitted;
  }

  /** Messages taken by mail servers, per recipient. */
  public int copies() {
    return copies;
  }

  /** Second and further copies; every one is explained, else the run ends. */
  public int duplicates() {
    return duplicates;
  }

  /** Faults that fell between a returned message and its outcome: the known exception of docs/simulation.md. */
  public int halfReturned() {
    return halfReturned;
  }
}
