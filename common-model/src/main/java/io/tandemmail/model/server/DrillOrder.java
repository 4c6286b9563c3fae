package io.tandemmail.model.server;

import java.time.Instant;

/** Begins or ends a drill, on {@code mail.server-commands} beside the operators' orders for the server, with its own key. */
public sealed interface DrillOrder {
  /** The primary of the route that is drilled. */
  String server();

  String by();

  Instant at();

  /** Not obeyed while another drill of the server lasts. */
  record Begin(String server, Drill drill, String by, String why, Instant at)
      implements DrillOrder {}

  /** Ends the drill with this id, and no other. */
  record End(String server, String drillId, String by, Instant at) implements DrillOrder {}

  /** The record's key: compaction must not let it replace an operator's order for the same server. */
  default String key() {
    return server() + "/drill";
  }
}
