package io.tandemmail.router.choice;

import io.tandemmail.model.server.ServerHealth;
import io.tandemmail.model.settings.RouteSettings;
import io.tandemmail.model.submission.Assignment;
import io.tandemmail.model.submission.Role;
import io.tandemmail.model.wire.HomePartition;
import java.util.Optional;

/**
 * Primary or secondary. The primary takes the messages whose percentile falls in its share; the rest goes to the first
 * secondary in service. Where nobody is in service the message waits in the primary's lane, where workers hold it: a
 * message that is nowhere cannot be counted.
 */
public final class ServerChoice {
  private ServerChoice() {}

  public static Assignment choose(RouteSettings route, String messageId, HealthView health) {
    ServerHealth primary = health.of(route.primary());
    if (primary.inService() && HomePartition.percentile(messageId) < primary.share()) {
      return assignment(primary, Role.PRIMARY);
    }
    return firstSecondaryInService(route, health)
        .map(secondary -> assignment(secondary, Role.SECONDARY))
        .orElseGet(() -> assignment(primary, Role.PRIMARY));
  }

  private static Optional<ServerHealth> firstSecondaryInService(
      RouteSettings route, HealthView health) {
    return route.secondaries().stream().map(health::of).filter(ServerHealth::inService).findFirst();
  }

  private static Assignment assignment(ServerHealth health, Role role) {
    return new Assignment(health.server(), role, health.epoch());
  }
}
