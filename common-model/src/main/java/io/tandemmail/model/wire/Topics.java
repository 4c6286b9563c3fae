package io.tandemmail.model.wire;

/** Topic names. Fixed: users, dashboards and ACLs name them. */
public final class Topics {
  public static final String SUBMITTED = "mail.submitted";
  public static final String RETURNED = "mail.returned";
  public static final String OUTCOMES = "mail.outcomes";
  public static final String REJECTED = "mail.rejected";
  public static final String SUPPRESSIONS = "mail.suppressions";
  public static final String SERVER_OBSERVATIONS = "mail.server-observations";
  public static final String SERVER_COMMANDS = "mail.server-commands";
  public static final String SERVER_HEALTH = "mail.server-health";

  /** Each record of {@link #SERVER_HEALTH} once more, kept as an event for seven days. */
  public static final String SERVER_HEALTH_HISTORY = "mail.server-health-history";

  /** Compacted; key {@code <route>/<partition>}: the router's conservation counts, written by it each second if changed. */
  public static final String ROUTE_COUNTS = "mail.route-counts";

  /** Compacted; key: service instance. Which services run, where they answer, which configuration they run. */
  public static final String SERVICES = "mail.services";

  /** Compacted; key: drill id. What came of each drill. */
  public static final String DRILLS = "mail.drills";

  private static final String LANE_PREFIX = "mail.outbound.";

  private Topics() {}

  /** The lane of a route and a server: its sender partitions. */
  public static String lane(String route, String server) {
    return LANE_PREFIX + route + "." + server;
  }

  public static boolean isLane(String topic) {
    return topic.startsWith(LANE_PREFIX);
  }

  /** The route and server a lane belongs to. Ids cannot contain dots, so the name splits in one way only. */
  public static Lane parseLane(String topic) {
    int dot = topic.indexOf('.', LANE_PREFIX.length());
    if (!isLane(topic) || dot < 0) {
      throw new IllegalArgumentException("not a lane topic: " + topic);
    }
    return new Lane(topic.substring(LANE_PREFIX.length(), dot), topic.substring(dot + 1));
  }

  /** One (route, server): the unit whose backlog a user reads as consumer lag. */
  public record Lane(String route, String server) {
    public String topic() {
      return lane(route, server);
    }
  }
}
