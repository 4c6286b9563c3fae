package io.tandemmail.simulation.truth;

import java.util.ArrayList;
import java.util.List;

/** A lane record as the world knows it: whose, and which of its recipients have no outcome of it yet. */
public final class LaneMark {
  final MessageTruth message;
  final List<String> open;

  LaneMark(MessageTruth message, List<String> recipients) {
    this.message = message;
    this.open = new ArrayList<>(recipients);
  }

  public boolean isOpen() {
    return !open.isEmpty();
  }
}
