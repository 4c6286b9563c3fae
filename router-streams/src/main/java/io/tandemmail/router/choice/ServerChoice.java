package io.tandemmail.router.choice;

import io.tandemmail.model.server.ServerHealth;
import io.tandemmail.model.settings.RouteSettings;
import io.tandemmail.model.submission.Assignment;
import io.tandemmail.model.submission.Role;
import io.tandemmail.model.wire.HomePartition;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Primary or secondary. The primary takes the messages whose percentile falls in its share; the rest goes to the first
 * secondary in service. Where nobody is in service the message waits in the primary's lane, where workers hold it: a
 * message that is nowhere cannot be counted.
 */
public final class ServerChoice {
  private ServerChoice() {}

  public static Assignment choose(RouteSettings route, String messageId, HealthView health) {
    ServerHealth primary = health.of(route.primary());
    if (primary.takes(route.id(), messageId) && HomePartition.percentile(messageId) < primary.share()) {
      return assignment(primary, Role.PRIMARY);
    }
    return firstSecondaryInService(route, health)
        .map(secondary -> assignment(secondary, Role.SECONDARY))
        .orElseGet(() -> assignment(primary, Role.PRIMARY));
  }

  /**
   * As {@link #choose(RouteSettings, String, HealthView)}, but another server where the choice falls on one to avoid and
   * another is in service. A secondary comes before the primary, since the share of a primary that is coming back was
   * decided already; and the one to avoid is better than none.
   */
  public static Assignment choose(
      RouteSettings route, String messageId, HealthView health, Optional<String> avoid) {
    Assignment usual = choose(route, messageId, health);
    if (avoid.filter(usual.server()::equals).isEmpty()) {
      return usual;
    }
    Stream<Assignment> secondaries =
        route.secondaries().stream()
            .map(health::of)
            .filter(ServerHealth::inService)
            .map(secondary -> assignment(secondary, Role.SECONDARY));
    Stream<Assignment> primary =
        Stream.of(health.of(route.primary()))
            .filter(ServerHealth::inService)
            .map(inService -> assignment(inService, Role.PRIMARY));
    return Stream.concat(secondaries, primary)
        .filter(other -> !other.server().equals(usual.server()))
        .findFirst()
        .orElse(usual);
  }

  private static Optional<ServerHealth> firstSecondaryInService(
      RouteSettings route, HealthView health) {
    return route.secondaries().stream().map(health::of).filter(ServerHealth::inService).findFirst();
  }

  private static Assignment assignment(ServerHealth health, Role role) {
    return new Assignment(health.server(), role, health.epoch());
  }
}
