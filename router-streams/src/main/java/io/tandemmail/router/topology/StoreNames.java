package io.tandemmail.router.topology;

/** Names of the state stores. They name changelog topics too: changing one abandons what is stored. */
public final class StoreNames {
  /** id → {@code MessageState}; the one store that is queried from outside. */
  public static final String MESSAGES = "messages";

  static final String SCHEDULE = "schedule";
  static final String COUNTS = "counts";
  static final String HEALTH = "server-health";
  static final String SUPPRESSIONS = "suppressions";
  static final String TRACKS = "server-tracks";

  private StoreNames() {}
}
