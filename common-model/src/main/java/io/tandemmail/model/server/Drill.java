package io.tandemmail.model.server;

import io.tandemmail.model.wire.HomePartition;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * A rehearsal while it lasts. It stands in the primary's health, so that routers and workers see the same one (I8), and it
 * ends by itself: whoever ordered it may die.
 *
 * @param route whose mail is moved; the loss of a primary moves that of its other routes along
 * @param canaryPercent 1..100: of the route's messages, chosen by a hash of their ids
 * @param from when it was ordered
 * @param until when it is over, if nobody ends it before
 */
public record Drill(
    String id, String route, Kind kind, int canaryPercent, Instant from, Instant until) {
  public static final int WHOLE_ROUTE = 100;

  public Drill {
    requirePossible(kind, canaryPercent);
  }

  /**
   * @throws IllegalArgumentException for a canary that cannot be
   */
  public static void requirePossible(Kind kind, int canaryPercent) {
    if (canaryPercent < 1 || canaryPercent > WHOLE_ROUTE) {
      throw new IllegalArgumentException("canary must be 1..100 %: " + canaryPercent);
    }
    if (kind == Kind.OVERLOAD && canaryPercent < WHOLE_ROUTE) {
      throw new IllegalArgumentException(
          "an overload is shed by share, which a canary does not have; leave the canary out");
    }
  }

  /** What is rehearsed. */
  public enum Kind {
    /** Connections to the primary fail as if it refused them, until somebody finds out. */
    PRIMARY_LOSS,
    /** The route's mail leaves the primary as if an operator had drained it. */
    DRAIN,
    /** The primary is taken for slower than its drain target allows. */
    OVERLOAD;

    public String wireName() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public static Optional<Kind> ofWireName(String wireName) {
      for (Kind kind : values()) {
        if (kind.wireName().equals(wireName)) {
          return Optional.of(kind);
        }
      }
      return Optional.empty();
    }
  }

  /** Whether workers are to take every connection to the server for refused. A canary cannot have that: health is the server's. */
  public boolean refusesConnections() {
    return kind == Kind.PRIMARY_LOSS && canaryPercent == WHOLE_ROUTE;
  }

  /** Whether the server is to be taken for overloaded. */
  public boolean overloads() {
    return kind == Kind.OVERLOAD;
  }

  /** Whether this message is to be treated as if the server were out of service. */
  public boolean withdraws(String route, String messageId) {
    return kind != Kind.OVERLOAD
        && !refusesConnections()
        && this.route.equals(route)
        && HomePartition.percentile(messageId) < canaryPercent;
  }
}
