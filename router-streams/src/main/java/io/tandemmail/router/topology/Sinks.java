package io.tandemmail.router.topology;

/** Names of the topology's sinks. */
final class Sinks {
  static final String MAIL = "mail-out";
  static final String HEALTH = "health-out";
  static final String HEALTH_HISTORY = "health-history-out";

  private Sinks() {}
}
