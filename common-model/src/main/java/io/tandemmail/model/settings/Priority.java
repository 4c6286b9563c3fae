package io.tandemmail.model.settings;

/**
 * Which routes go first where several wait for one server, and which one's share an overloaded server sheds last. Mail of
 * high priority also leaves a server that is slow.
 */
public enum Priority {
  HIGH,
  NORMAL,
  BULK;

  /**
   * Of what the route would give an overloaded server, the part it still takes. The share is the server's as a whole: bulk
   * mail leaves with the first half of what is shed, high mail only with the second.
   *
   * @param share 0–100
   * @return 0–100; never more for a lower priority
   */
  public int shareOf(int share) {
    return switch (this) {
      case HIGH -> Math.min(100, 2 * share);
      case NORMAL -> share;
      case BULK -> Math.max(0, 2 * share - 100);
    };
  }
}
